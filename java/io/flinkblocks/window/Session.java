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

  /** How many records that were not early there are of this start: the number of the next one. */
  private int revision;

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

  final int revision() {
    return revision;
  }

  /** Notes that a record is emitted. Early ones are no revisions. */
  final void publish(boolean early) {
    published = true;
    if (!early) {
      revision++;
    }
  }

  /** Notes that there is no record of this session any more: its start is about to change. */
  final void unpublish() {
    published = false;
    revision = 0;
  }

  /** Takes over the records of another session, whose start becomes this one's. */
  final void publishAs(Session other) {
    published = other.published;
    revision = other.revision;
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
    publishAs(other);
    overflow = other.overflow;
  }

  /** Writes what every session has, but for {@link #writeRevision}; part of a subclass's format. */
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

  /**
   * Writes how often its result was emitted; not part of {@link #writeTo}, because it is younger.
   */
  public final void writeRevision(DataOutputView out) throws IOException {
    Compact.writeNumber(revision, out);
  }

  /** Reads what {@link #writeRevision} wrote. */
  public final void readRevision(DataInputView in) throws IOException {
    revision = Compact.readInt(in);
  }
}
