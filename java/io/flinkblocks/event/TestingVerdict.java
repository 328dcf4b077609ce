package io.flinkblocks.event;

import io.flinkblocks.event.DeadLetter.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * What a parser made of a record, for comparison: a reason and a field, or an event's values.
 *
 * @param reason null for an event
 * @param field null for an event, or when the reason is about the whole record
 * @param strings the event's strings by field number; null for an absent ip_address
 */
public record TestingVerdict(
    Reason reason,
    String field,
    List<String> strings,
    long priceMicros,
    long quantity,
    long timestamp) {

  /** A refusal because of the whole record. */
  public static TestingVerdict refused(Reason reason) {
    return refused(reason, null);
  }

  /** A refusal because of a field. */
  public static TestingVerdict refused(Reason reason, String field) {
    return new TestingVerdict(reason, field, null, 0, 0, 0);
  }

  /** What {@link EventParser} said. */
  public static TestingVerdict of(SourceRecord record) {
    if (record instanceof DeadLetter letter) {
      return refused(letter.reason(), letter.field());
    }
    Event event = (Event) record;
    List<String> strings = new ArrayList<>();
    for (int field = 0; field < Event.STRINGS; field++) {
      strings.add(event.string(field));
    }
    return new TestingVerdict(
        null, null, strings, event.priceMicros(), event.quantity(), event.timestamp());
  }
}
