package io.flinkblocks.window;

import io.flinkblocks.event.Compact;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * One session of a key: its events, none further from the next than the timeout. What an analysis
 * wants to know of them is added by a subclass, which is what the state holds.
 *
 * <p>All times are milliseconds since the epoch, UTC.
 */
public abstract class Session {
  /** No event has this time. */
  private static final long NONE = 0;

  private long start = NONE;
  private long last = NONE;
  private long events;

  /** Whether a record of this session, with its start, was emitted and not retracted. */
  private boolean published;

  /** Where its {@link Overflow} lies; NONE when it has none. */
  private long overflow = NONE;

  /** The time of the first event, by which the session's records are known. */
  public final long start() {
    return start;
  }

  /** The time of the last event. */
  public final long last() {
    return last;
  }

  /** How many events it has. */
  public final long events() {
    return events;
  }

  final boolean isPublished() {
    return published;
  }

  final void setPublished(boolean isPublished) {
    published = isPublished;
  }

  final boolean hasOverflow() {
    return overflow != NONE;
  }

  final long overflow() {
    return overflow;
  }

  /**
   * Called with the start of this moment: no other session of the key that is still kept has, or
   * had, an event at that time.
   */
  final void openOverflow() {
    overflow = start;
  }

  /** Stretches to an event. */
  final void cover(long timestamp) {
    start = events == 0 ? timestamp : Math.min(start, timestamp);
    last = Math.max(last, timestamp);
    events++;
  }

  /** Stretches to another session. */
  final void cover(Session other) {
    start = Math.min(start, other.start);
    last = Math.max(last, other.last);
    events += other.events;
  }

  /** Makes this a copy, for the copies of a subclass; an overflow belongs to both. */
  protected final void copyFrom(Session other) {
    start = other.start;
    last = other.last;
    events = other.events;
    published = other.published;
    overflow = other.overflow;
  }

  /** Writes what every session has; part of the format of a subclass. */
  public final void writeTo(DataOutputView out) throws IOException {
    Compact.writeNumber(start, out);
    Compact.writeNumber(last - start, out);
    Compact.writeNumber(events, out);
    out.writeBoolean(published);
    Compact.writeNumber(overflow, out);
  }

  /** Reads what {@link #writeTo} wrote. */
  public final void readFrom(DataInputView in) throws IOException {
    start = Compact.readNumber(in);
    last = start + Compact.readNumber(in);
    events = Compact.readNumber(in);
    published = in.readBoolean();
    overflow = Compact.readNumber(in);
  }
}
