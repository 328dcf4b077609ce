package io.flinkblocks.generator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes events as JSON into one buffer, which each record overwrites.
 *
 * <p>By hand, from parts made once: with a JSON library or String.format this would cost more than
 * everything else in the generator together.
 */
final class RecordWriter {
  private static final byte[] EVENT_ID = "{\"event_id\":\"evt-".getBytes(US_ASCII);
  private static final byte[] USER_ID = "\",\"user_id\":\"user-".getBytes(US_ASCII);
  private static final byte[] SESSION_ID = "\",\"session_id\":\"ses-".getBytes(US_ASCII);
  private static final byte[] PRICE = "\",\"price\":".getBytes(US_ASCII);
  private static final byte[] QUANTITY = ",\"quantity\":".getBytes(US_ASCII);
  private static final byte[] TIMESTAMP = ",\"timestamp\":".getBytes(US_ASCII);
  private static final byte[] END = "\"}}".getBytes(US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
  private static final int USER_DIGITS = 5;

  // Room for the longest record that is written here; a spoilt one may need more.
  private byte[] buffer = new byte[512];
  private int length;

  /** Writes a valid record. */
  void write(Draft draft, long eventNumber) {
    length = 0;
    put(EVENT_ID);
    putHex(eventNumber);
    put(USER_ID);
    putDigits(draft.user, USER_DIGITS);
    put(SESSION_ID);
    putHex(draft.session);
    put(Catalogue.head(draft.product));
    put(draft.step.text);
    put(PRICE);
    putPrice(draft.product);
    put(QUANTITY);
    putDigits(draft.quantity, 1);
    put(TIMESTAMP);
    putDigits(draft.timestamp(), 1);
    put(draft.device.metadata);
    putAddress(draft.address);
    put(END);
  }

  /**
   * Writes a record that is no valid event.
   *
   * @return the field that a dead letter names for it; null for none
   */
  String writeSpoilt(Draft draft, long eventNumber) {
    write(draft, eventNumber);
    Defect.Spoilt spoilt = draft.defect.spoil(fields(), draft.defectChoice);
    length = spoilt.value().length;
    buffer = Arrays.copyOf(spoilt.value(), Math.max(length, buffer.length));
    return spoilt.field();
  }

  /** The buffer that holds the record from index 0 on. */
  byte[] buffer() {
    return buffer;
  }

  int length() {
    return length;
  }

  /** An event's id as the record has it. */
  static String eventId(long eventNumber) {
    RecordWriter writer = new RecordWriter();
    writer.put(EVENT_ID);
    writer.putHex(eventNumber);
    return writer.textFrom("{\"event_id\":\"".length());
  }

  /** A user's id as the record has it. */
  static String userId(long user) {
    RecordWriter writer = new RecordWriter();
    writer.put(USER_ID);
    writer.putDigits(user, USER_DIGITS);
    return writer.textFrom("\",\"user_id\":\"".length());
  }

  /** The JSON text of each field of the record that was just written. */
  private Map<String, String> fields() {
    String record = textFrom(0);
    Map<String, String> fields = new LinkedHashMap<>();
    int name = 1;
    // In our own layout only the last value, the metadata, has a comma before a quote.
    while (name < length) {
      int colon = record.indexOf(':', name);
      boolean last = record.startsWith("\"metadata\"", name);
      int end = last ? length - 1 : record.indexOf(",\"", colon);
      fields.put(record.substring(name + 1, colon - 1), record.substring(colon + 1, end));
      name = end + 1;
    }
    return fields;
  }

  private String textFrom(int start) {
    return new String(buffer, start, length - start, US_ASCII);
  }

  private void put(byte[] part) {
    System.arraycopy(part, 0, buffer, length, part.length);
    length += part.length;
  }

  private void putHex(long value) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      buffer[length++] = HEX[(int) (value >>> shift) & 15];
    }
  }

  private void putPrice(int product) {
    long cents = Catalogue.cents(product);
    putDigits(cents / 100, 1);
    buffer[length++] = '.';
    putDigits(cents % 100, 2);
  }

  /** The address's 22 bits as 100.64.0.0 to 100.127.255.255. */
  private void putAddress(int address) {
    putDigits(100, 1);
    buffer[length++] = '.';
    putDigits(64 + (address >>> 16), 1);
    buffer[length++] = '.';
    putDigits(address >>> 8 & 255, 1);
    buffer[length++] = '.';
    putDigits(address & 255, 1);
  }

  /** A number that is not negative, with zeros in front up to a width. */
  private void putDigits(long value, int width) {
    int digits = 1;
    for (long rest = value / 10; rest > 0 || digits < width; rest /= 10) {
      digits++;
    }
    length += digits;
    long rest = value;
    for (int at = length - 1; at >= length - digits; at--) {
      buffer[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
