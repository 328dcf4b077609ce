package io.flinkblocks.event;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The total order of events for logic that depends on order: by timestamp, then event_id, then the
 * record's original bytes; strings by their UTF-8 bytes.
 *
 * <p>Two events that compare as 0 are records of the same bytes.
 */
public enum EventOrder implements Comparator<Event> {
  INSTANCE;

  @Override
  public int compare(Event a, Event b) {
    int byTime = Long.compare(a.timestamp(), b.timestamp());
    if (byTime != 0) {
      return byTime;
    }
    int byId = compareStrings(Event.EVENT_ID, a, b);
    if (byId != 0) {
      return byId;
    }
    return Arrays.compareUnsigned(a.data(), 0, a.rawLength(), b.data(), 0, b.rawLength());
  }

  private static int compareStrings(int field, Event a, Event b) {
    int startA = a.start(field);
    int startB = b.start(field);
    return Arrays.compareUnsigned(
        a.data(), startA, startA + a.length(field), b.data(), startB, startB + b.length(field));
  }
}
