package io.flinkblocks.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * One valid event, compact: the record's original bytes, and where its fields lie in them.
 *
 * <p>{@code data} holds the original record in {@code [0, rawLength)} and behind it the decoded
 * form of those strings that were written with escapes, so every string field is one slice of UTF-8
 * bytes. Immutable: operators may keep and share it.
 */
public final class Event implements SourceRecord {
  // The string fields, in the order of the contract; only IP_ADDRESS may be absent.
  public static final int EVENT_ID = 0;

  public static final int USER_ID = 1;
  public static final int SESSION_ID = 2;
  public static final int PRODUCT_ID = 3;
  public static final int CATEGORY = 4;
  public static final int ACTION = 5;
  public static final int IP_ADDRESS = 6;

  /** How many string fields there are. */
  static final int STRINGS = 7;

  /** How Flink moves and keeps events. */
  public static final TypeInformation<Event> TYPE =
      new CompactType<>(Event.class, EventSerializer.INSTANCE);

  private final byte[] data;
  private final int rawLength;
  private final int[] starts;
  private final int[] lengths;
  private final Action action;
  private final long priceMicros;
  private final int quantity;
  private final long timestamp;

  /**
   * @param data original bytes, then decoded strings
   * @param rawLength how many of them are the original record
   * @param starts where each string field starts in data
   * @param lengths its length in bytes; -1 for an absent ip_address
   * @param priceMicros unit price in millionths
   */
  Event(
      byte[] data,
      int rawLength,
      int[] starts,
      int[] lengths,
      long priceMicros,
      int quantity,
      long timestamp) {
    this.data = data;
    this.rawLength = rawLength;
    this.starts = starts;
    this.lengths = lengths;
    this.priceMicros = priceMicros;
    this.quantity = quantity;
    this.timestamp = timestamp;
    this.action = Action.of(data, starts[ACTION], lengths[ACTION]);
  }

  /** Event time, milliseconds since the epoch. */
  public long timestamp() {
    return timestamp;
  }

  /** Unit price in millionths of the currency. */
  public long priceMicros() {
    return priceMicros;
  }

  /** Pieces, 1 to 1,000,000. */
  public int quantity() {
    return quantity;
  }

  /** price x quantity in millionths, at most 10^15. */
  public long amountMicros() {
    return priceMicros * quantity;
  }

  /** What the user did; {@link Action#OTHER} for a value without special meaning. */
  public Action action() {
    return action;
  }

  public String eventId() {
    return string(EVENT_ID);
  }

  public String userId() {
    return string(USER_ID);
  }

  public String sessionId() {
    return string(SESSION_ID);
  }

  public String productId() {
    return string(PRODUCT_ID);
  }

  public String category() {
    return string(CATEGORY);
  }

  /** A string field as a String; null for an absent ip_address. */
  public String string(int field) {
    int length = lengths[field];
    return length < 0 ? null : new String(data, starts[field], length, StandardCharsets.UTF_8);
  }

  /** A string field's UTF-8 bytes; null for an absent ip_address. */
  public byte[] bytes(int field) {
    int length = lengths[field];
    return length < 0 ? null : Arrays.copyOfRange(data, starts[field], starts[field] + length);
  }

  /** The record's original bytes. */
  public byte[] raw() {
    return rawLength == data.length ? data : Arrays.copyOf(data, rawLength);
  }

  // What follows lets the core look at strings in place. The array is shared: never write to it.

  /** The array that the slices lie in: the original record, then decoded strings. */
  public byte[] data() {
    return data;
  }

  /** How many bytes of {@link #data} are the original record. */
  public int rawLength() {
    return rawLength;
  }

  /** Where a string field starts in {@link #data}; of no meaning for an absent ip_address. */
  public int start(int field) {
    return starts[field];
  }

  /** A string field's length in bytes; -1 for an absent ip_address. */
  public int length(int field) {
    return lengths[field];
  }

  /** Equal are events of the same original bytes: all else follows from them. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Event that
        && Arrays.equals(data, 0, rawLength, that.data, 0, that.rawLength);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(timestamp) + Arrays.hashCode(bytes(EVENT_ID));
  }

  @Override
  public String toString() {
    return new String(data, 0, rawLength, StandardCharsets.UTF_8);
  }
}
