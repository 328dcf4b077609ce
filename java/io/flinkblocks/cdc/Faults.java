package io.flinkblocks.cdc;

import io.flinkblocks.event.DeadLetter.Reason;

/**
 * Why a record is refused: of the faults that were found the one whose reason comes first, and of
 * one reason the one that was found first.
 */
final class Faults {
  private Reason reason;
  private String field;

  /** Forgets them. */
  void clear() {
    reason = null;
    field = null;
  }

  /** Takes a fault of a field in. */
  void add(Reason next, String nextField) {
    if (reason == null || next.compareTo(reason) < 0) {
      reason = next;
      field = nextField;
    }
  }

  /** The reason that applies; null when there is no fault. */
  Reason reason() {
    return reason;
  }

  /** The field that it is about. */
  String field() {
    return field;
  }
}
