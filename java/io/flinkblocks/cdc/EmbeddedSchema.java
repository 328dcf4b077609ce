package io.flinkblocks.cdc;

import io.flinkblocks.event.JsonScanner;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What the schema that comes along with an envelope says of the rows' columns.
 *
 * @param before encodings of the row before, by the column's name
 * @param after of the row after
 */
record EmbeddedSchema(Map<String, Encoding> before, Map<String, Encoding> after) {
  /** Nothing is known. */
  static final EmbeddedSchema NONE = new EmbeddedSchema(Map.of(), Map.of());

  /** The schema that a text tells; whatever is not as Kafka Connect writes it tells nothing. */
  static EmbeddedSchema of(byte[] json) {
    Row schema = RowWriter.plain(json);
    Map<String, Row> fields = fields(schema);
    return new EmbeddedSchema(
        encodings(fields(fields.get("before"))), encodings(fields(fields.get("after"))));
  }

  private static Map<String, Encoding> encodings(Map<String, Row> fields) {
    Map<String, Encoding> encodings = new HashMap<>();
    fields.forEach((name, field) -> encodings.put(name, Encoding.of(field)));
    return encodings;
  }

  /** A structure's fields by their names. */
  private static Map<String, Row> fields(Row structure) {
    Map<String, Row> fields = new HashMap<>();
    byte[] array = structure == null ? null : structure.value("fields");
    if (array != null && array[0] == '[') {
      for (byte[] element : JsonValues.elements(array)) {
        Row field = RowWriter.plain(element);
        if (field != null && !field.isNull("field")) {
          fields.put(field.text("field"), field);
        }
      }
    }
    return fields;
  }

  /** The schemas seen lately: the same few come with every record, and are longer than the rows. */
  static final class Cache {
    private static final int SIZE = 32;

    private final Entry[] entries = new Entry[SIZE];
    private int next;

    private record Entry(byte[] json, EmbeddedSchema schema) {}

    /** Moves over the schema that stands here; null when it is none of those seen lately. */
    EmbeddedSchema skip(JsonScanner scanner) {
      for (Entry entry : entries) {
        if (entry != null && scanner.skip(entry.json)) {
          return entry.schema;
        }
      }
      return null;
    }

    /** The schema of a slice that has been checked, and is nested less deep than is accepted. */
    EmbeddedSchema add(byte[] data, int start, int end) {
      byte[] json = Arrays.copyOfRange(data, start, end);
      EmbeddedSchema schema = of(json);
      // Only of an object it is certain that it ends where these bytes do.
      if (json[0] == '{') {
        next = (next + 1) % SIZE;
        entries[next] = new Entry(json, schema);
      }
      return schema;
    }
  }
}
