package io.flinkblocks.output;

import io.flinkblocks.event.CompactType;
import io.flinkblocks.event.DeadLetter.Header;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * One record of one output: the sinks turn the output's name into a topic or a folder.
 *
 * @param output the output's name, as {@code revenue-metrics}
 * @param key the Kafka key; may be null
 * @param value one JSON object; of a dead letter the original bytes, which may be null
 * @param headers Kafka headers; empty for results
 */
public record OutputRecord(String output, byte[] key, byte[] value, List<Header> headers) {
  /** Events that came after every window they belong to was emitted. */
  public static final String LATE_EVENTS = "late-events";

  /** Records that are no valid events. */
  public static final String DEAD_LETTER = "dead-letter";

  /** How Flink moves and keeps output records. */
  public static final TypeInformation<OutputRecord> TYPE =
      new CompactType<>(OutputRecord.class, OutputRecordSerializer.INSTANCE);

  /** A record without headers. */
  public static OutputRecord of(String output, byte[] key, byte[] value) {
    return new OutputRecord(output, key, value, List.of());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OutputRecord that
        && output.equals(that.output)
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value)
        && headers.equals(that.headers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(output, Arrays.hashCode(key), Arrays.hashCode(value), headers);
  }

  @Override
  public String toString() {
    return output + " " + text(key) + " " + text(value) + (headers.isEmpty() ? "" : " " + headers);
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }
}
