package io.flinkblocks.event;

import io.flinkblocks.event.DeadLetter.Reason;
import java.util.Arrays;

/**
 * What one record's fields hold, and the verdict on them.
 *
 * <p>Of a duplicate the last one counts: taking in a field again replaces all that was known about
 * it. One bit per field and problem, bits in the contract's order, so that the first field of a
 * reason is the lowest bit. The values are judged only once the record is complete.
 */
final class EventFields {
  private static final int MAX_STRING_BYTES = 256;
  private static final int MAX_QUANTITY = 1_000_000;
  private static final long MAX_AMOUNT_MICROS = 1_000_000_000L * 1_000_000;

  /** 10000-01-01T00:00:00Z, the first timestamp that is too large. */
  private static final long END_OF_TIME = 253_402_300_800_000L;

  private static final int REQUIRED = (1 << EventField.METADATA) - 1;

  private int[] starts;
  private int[] lengths;
  // Bit f: string field f still holds escapes.
  private int escaped;
  private int present;
  private int wrongType;
  private long price;
  private long quantity;
  private long timestamp;

  /** Forgets the last record. */
  void reset() {
    starts = new int[Event.STRINGS];
    lengths = new int[Event.STRINGS];
    lengths[Event.IP_ADDRESS] = -1;
    escaped = 0;
    present = 0;
    wrongType = 0;
  }

  void string(int field, int start, int end, boolean hasEscapes) {
    starts[field] = start;
    lengths[field] = end - start;
    escaped = hasEscapes ? escaped | 1 << field : escaped & ~(1 << field);
  }

  void noIpAddress() {
    lengths[Event.IP_ADDRESS] = -1;
    escaped &= ~(1 << Event.IP_ADDRESS);
  }

  void price(long micros) {
    price = micros;
  }

  void quantity(long value) {
    quantity = value;
  }

  void timestamp(long millis) {
    timestamp = millis;
  }

  /** The field was there, and its value has the type that the contract asks for, or not. */
  void present(int field, boolean rightType) {
    int bit = 1 << field;
    present |= bit;
    wrongType = rightType ? wrongType & ~bit : wrongType | bit;
  }

  /**
   * The event that the fields make, or why they make none.
   *
   * @param raw the record; kept by the event
   * @param latestTimestamp the largest timestamp that is not in the future
   */
  SourceRecord judge(byte[] raw, long latestTimestamp) throws NotJson {
    int missing = REQUIRED & ~present;
    if (missing != 0) {
      return refuse(raw, Reason.MISSING_FIELD, missing);
    }
    if (wrongType != 0) {
      return refuse(raw, Reason.WRONG_TYPE, wrongType);
    }
    byte[] data = escaped == 0 ? raw : withDecodedStrings(raw);
    int empty = 0;
    int tooLong = 0;
    for (int field = 0; field < Event.IP_ADDRESS; field++) {
      if (lengths[field] == 0) {
        empty |= 1 << field;
      } else if (lengths[field] > MAX_STRING_BYTES) {
        tooLong |= 1 << field;
      }
    }
    if (empty != 0) {
      return refuse(raw, Reason.EMPTY, empty);
    }
    if (tooLong != 0) {
      return refuse(raw, Reason.TOO_LONG, tooLong);
    }
    int outOfRange = outOfRange();
    if (outOfRange != 0) {
      return refuse(raw, Reason.OUT_OF_RANGE, outOfRange);
    }
    if (timestamp > latestTimestamp) {
      return refuse(raw, Reason.TIMESTAMP_IN_FUTURE, 1 << EventField.TIMESTAMP);
    }
    return new Event(data, raw.length, starts, lengths, price, (int) quantity, timestamp);
  }

  private int outOfRange() {
    int fields = 0;
    if (price < 0) {
      fields |= 1 << EventField.PRICE;
    }
    if (quantity < 1 || quantity > MAX_QUANTITY || price > MAX_AMOUNT_MICROS / quantity) {
      fields |= 1 << EventField.QUANTITY;
    }
    if (timestamp <= 0 || timestamp >= END_OF_TIME) {
      fields |= 1 << EventField.TIMESTAMP;
    }
    return fields;
  }

  /** The record with its escaped strings decoded behind it, and their slices moved there. */
  private byte[] withDecodedStrings(byte[] raw) throws NotJson {
    int size = raw.length;
    for (int field = 0; field < Event.STRINGS; field++) {
      if ((escaped & 1 << field) != 0) {
        size += lengths[field];
      }
    }
    byte[] data = Arrays.copyOf(raw, size);
    int to = raw.length;
    for (int field = 0; field < Event.STRINGS; field++) {
      if ((escaped & 1 << field) != 0) {
        int start = starts[field];
        starts[field] = to;
        to = JsonStrings.decode(raw, start, start + lengths[field], data, to);
        lengths[field] = to - starts[field];
      }
    }
    return to == data.length ? data : Arrays.copyOf(data, to);
  }

  private static DeadLetter refuse(byte[] raw, Reason reason, int fields) {
    return new DeadLetter(
        raw, reason, EventField.name(Integer.numberOfTrailingZeros(fields)), null);
  }
}
