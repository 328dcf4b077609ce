package io.flinkblocks.quality;

import java.util.function.Consumer;

/**
 * A check that remembers: pure logic over the parts of one subject, which come in the order of
 * event time.
 */
interface KeyedCheck {
  /** Takes the next part. */
  void take(Part part, Memory memory, Consumer<Alert> out) throws Exception;

  /**
   * Looks at a row that it asked for. It may ask for nothing any more.
   *
   * @param now the time that it asked for
   */
  void look(String row, long now, Memory memory, Consumer<Alert> out) throws Exception;

  /**
   * The check of a rule.
   *
   * @param grace how long a row may wait for what it refers to, in ms of event time
   */
  static KeyedCheck of(Rule rule, long grace) {
    return switch (rule.check()) {
      case UNIQUE -> new UniqueCheck(rule);
      case REFERENCE -> new ReferenceCheck(rule, grace);
      case AMOUNT -> new AmountCheck(rule, grace);
      case SCHEMA -> new SchemaCheck();
      default -> throw new IllegalStateException(rule.check() + " has no memory");
    };
  }

  /** A time so much later, or the last one there is. */
  static long after(long time, long millis) {
    return time > Entry.NEVER - 1 - millis ? Entry.NEVER - 1 : time + millis;
  }
}
