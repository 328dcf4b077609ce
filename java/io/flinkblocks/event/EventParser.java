package io.flinkblocks.event;

import io.flinkblocks.event.DeadLetter.Reason;
import java.util.Arrays;

/**
 * From a record's bytes to an {@link Event}, or to a {@link DeadLetter} with the first reason that
 * applies.
 *
 * <p>One pass over the bytes: every one is checked against the grammar of JSON, the contract's
 * fields are noted as slices, nothing else is built. Time is linear in the record's length. Keeps
 * buffers between records, so it is for one thread.
 */
public final class EventParser {
  /** The deepest nesting that is accepted; the outermost object has depth 1. */
  static final int MAX_DEPTH = 64;

  private final JsonScanner scanner = new JsonScanner();
  private final EventFields fields = new EventFields();
  private final FieldNames names = new FieldNames(scanner, this::findField);
  private final FieldNames metadataNames = new FieldNames(scanner, this::findMetadataField);

  /**
   * Reads one record.
   *
   * @param value the record's bytes, which the result keeps: they must not change afterwards; null
   *     for a Kafka record without value
   * @param latestTimestamp the largest timestamp, in ms since the epoch, that is not in the future
   * @return the event, or a dead letter without origin
   */
  public SourceRecord parse(byte[] value, long latestTimestamp) {
    if (value == null) {
      return refuse(null, Reason.EMPTY_RECORD);
    }
    scanner.reset(value);
    fields.reset();
    try {
      boolean object = scanner.token() == '{';
      if (object) {
        readFields(value);
      } else {
        scanner.skipValue(0);
      }
      scanner.finish();
      if (scanner.deepest() > MAX_DEPTH) {
        return refuse(value, Reason.TOO_DEEP);
      }
      return object ? fields.judge(value, latestTimestamp) : refuse(value, Reason.NOT_OBJECT);
    } catch (NotJson e) {
      return refuse(value, Reason.NOT_JSON);
    }
  }

  private static DeadLetter refuse(byte[] value, Reason reason) {
    return new DeadLetter(value, reason, null, null);
  }

  private void readFields(byte[] data) throws NotJson {
    for (int field = names.first(data, 1); field != FieldNames.END; field = names.next(data)) {
      byte first = scanner.token();
      if (field == EventField.UNKNOWN) {
        scanner.skipValue(1);
      } else if (field < EventField.PRICE) {
        readString(field, first);
      } else if (field == EventField.METADATA) {
        readMetadata(data, first);
      } else {
        readNumber(field, data, first);
      }
    }
  }

  private void readString(int field, byte first) throws NotJson {
    if (first != '"') {
      skipWrongType(field);
      return;
    }
    scanner.string();
    fields.string(field, scanner.start(), scanner.end(), scanner.escaped());
    fields.present(field, true);
  }

  private void readNumber(int field, byte[] data, byte first) throws NotJson {
    if (!JsonScanner.startsNumber(first)) {
      skipWrongType(field);
      return;
    }
    scanner.number();
    if (field == EventField.PRICE) {
      fields.price(JsonNumbers.micros(data, scanner.start(), scanner.end()));
      fields.present(field, true);
      return;
    }
    fields.present(field, scanner.integer());
    if (scanner.integer()) {
      long value = JsonNumbers.integer(data, scanner.start(), scanner.end());
      if (field == EventField.QUANTITY) {
        fields.quantity(value);
      } else {
        fields.timestamp(value);
      }
    }
  }

  private void readMetadata(byte[] data, byte first) throws NotJson {
    // What an earlier metadata said does not count any more.
    fields.noIpAddress();
    if (first != '{') {
      skipWrongType(EventField.METADATA);
      return;
    }
    fields.present(EventField.METADATA, true);
    for (int field = metadataNames.first(data, 2);
        field != FieldNames.END;
        field = metadataNames.next(data)) {
      if (field != Event.IP_ADDRESS) {
        scanner.skipValue(2);
      } else if (scanner.token() == '"') {
        scanner.string();
        fields.string(Event.IP_ADDRESS, scanner.start(), scanner.end(), scanner.escaped());
      } else {
        fields.noIpAddress();
        scanner.skipValue(2);
      }
    }
  }

  private void skipWrongType(int field) throws NotJson {
    fields.present(field, false);
    scanner.skipValue(1);
  }

  private int findField(byte[] data) throws NotJson {
    if (!scanner.escaped()) {
      return EventField.find(data, scanner.start(), scanner.end());
    }
    byte[] name = decodedName(data);
    return EventField.find(name, 0, name.length);
  }

  private int findMetadataField(byte[] data) throws NotJson {
    if (!scanner.escaped()) {
      return EventField.findInMetadata(data, scanner.start(), scanner.end());
    }
    byte[] name = decodedName(data);
    return EventField.findInMetadata(name, 0, name.length);
  }

  /** A name that was written with escapes. */
  private byte[] decodedName(byte[] data) throws NotJson {
    byte[] name = new byte[scanner.end() - scanner.start()];
    int length = JsonStrings.decode(data, scanner.start(), scanner.end(), name, 0);
    return Arrays.copyOf(name, length);
  }
}
