package io.flinkblocks.bench.floor;

import io.flinkblocks.event.Event;

/** One analysis of the floor. */
interface Analysis {
  /** Takes an event that is not late. */
  void add(Event event);

  /** Emits what is complete at a watermark. */
  void advance(long watermark);
}
