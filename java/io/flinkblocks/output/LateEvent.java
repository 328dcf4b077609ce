package io.flinkblocks.output;

import io.flinkblocks.event.Event;

/** The records of the late-events output: one per late event and analysis to which it matters. */
public final class LateEvent {
  /**
   * Tells that an event came too late.
   *
   * @param analysis the name of the output that it is missing from
   * @param event shown as it was written, without white space outside its strings, so that the
   *     record is one line
   * @param watermark of the operator, in ms since the epoch
   * @return the record, with the event's user as its key
   */
  public static OutputRecord of(String analysis, Event event, long watermark) {
    byte[] value =
        new JsonWriter()
            .begin()
            .field("analysis", analysis)
            .field("late_by_ms", watermark - event.timestamp())
            .json("event", event.raw())
            .end();
    return OutputRecord.of(OutputRecord.LATE_EVENTS, event.bytes(Event.USER_ID), value);
  }

  private LateEvent() {}
}
