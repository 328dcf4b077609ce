package io.flinkblocks.quality;

import io.flinkblocks.cdc.Row;
import io.flinkblocks.event.Compact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.StringValue;

/** A row's columns with the kinds of their values: JSON's, as far as a value has one. */
final class Shape {
  /** Of a null, and of what is not a number, which have none. */
  static final String NONE = "";

  private Shape() {}

  // JSON has no numbers for them: they are told as texts, and may be numbers.
  private static final Set<String> NO_NUMBERS = Set.of("\"NaN\"", "\"Infinity\"", "\"-Infinity\"");

  /** The kind of the value that a JSON text is. */
  static String kind(byte[] json) {
    return switch (json[0]) {
      case '"' -> NO_NUMBERS.contains(new String(json, StandardCharsets.UTF_8)) ? NONE : "string";
      case '{' -> "object";
      case '[' -> "array";
      case 't', 'f' -> "boolean";
      case 'n' -> NONE;
      default -> "number";
    };
  }

  /** The kinds of a row's values, by column, in the order of the columns. */
  static Map<String, String> of(Row row) {
    Map<String, String> kinds = new LinkedHashMap<>();
    for (String column : row.columns().names()) {
      kinds.put(column, kind(row.value(column)));
    }
    return kinds;
  }

  /** The form in which it is in a part, and stored with it: names and kinds one by one. */
  static byte[] write(Map<String, String> kinds) {
    DataOutputSerializer out = new DataOutputSerializer(32 * kinds.size() + 1);
    try {
      Compact.writeNumber(kinds.size(), out);
      for (Map.Entry<String, String> column : kinds.entrySet()) {
        StringValue.writeString(column.getKey(), out);
        Compact.writeText(column.getValue(), out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.getCopyOfBuffer();
  }

  /** What {@link #write} wrote. */
  static Map<String, String> read(byte[] written) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(written);
    Map<String, String> kinds = new LinkedHashMap<>();
    for (long left = Compact.readNumber(in); left > 0; left--) {
      kinds.put(StringValue.readString(in), Compact.readText(in));
    }
    return kinds;
  }
}
