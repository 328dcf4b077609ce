package io.flinkblocks.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * An input record that is not a valid event, with its original bytes and why it was refused.
 *
 * @param value the original bytes; null for a Kafka record without value
 * @param reason the first reason that applies
 * @param field the field the reason is about; null when it is about the whole record
 * @param origin where it came from; null unless that was Kafka
 */
public record DeadLetter(byte[] value, Reason reason, String field, Origin origin)
    implements SourceRecord {

  /** Why a record was refused, in the order in which they are looked for. */
  public enum Reason {
    EMPTY_RECORD,
    NOT_JSON,
    TOO_DEEP,
    NOT_OBJECT,
    MISSING_FIELD,
    WRONG_TYPE,
    EMPTY,
    TOO_LONG,
    OUT_OF_RANGE,
    TIMESTAMP_IN_FUTURE;

    /** The name as results show it: lower case. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The Kafka coordinates, key and headers of the original record. */
  public record Origin(String topic, int partition, long offset, byte[] key, List<Header> headers) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Origin that
          && topic.equals(that.topic)
          && partition == that.partition
          && offset == that.offset
          && Arrays.equals(key, that.key)
          && headers.equals(that.headers);
    }

    @Override
    public int hashCode() {
      return Objects.hash(topic, partition, offset);
    }

    @Override
    public String toString() {
      return topic + "-" + partition + "@" + offset;
    }
  }

  /** One Kafka header; the value may be null. */
  public record Header(String name, byte[] value) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Header that
          && name.equals(that.name)
          && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return 31 * name.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return name + "=" + text(value);
    }
  }

  /** The same dead letter with the place it came from. */
  public DeadLetter from(Origin place) {
    return new DeadLetter(value, reason, field, place);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeadLetter that
        && Arrays.equals(value, that.value)
        && reason == that.reason
        && Objects.equals(field, that.field)
        && Objects.equals(origin, that.origin);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(value), reason, field, origin);
  }

  @Override
  public String toString() {
    return "DeadLetter["
        + reason.label()
        + (field == null ? "" : " of " + field)
        + (origin == null ? "" : " from " + origin)
        + ": "
        + text(value)
        + "]";
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }
}
