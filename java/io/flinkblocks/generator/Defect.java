package io.flinkblocks.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The ways in which a record can be no valid event, one per dead-letter reason that a line of a
 * file can have. (timestamp_in_future is missing: it depends on who reads when.)
 */
enum Defect {
  NOT_JSON,
  TOO_DEEP,
  NOT_OBJECT,
  MISSING_FIELD,
  WRONG_TYPE,
  EMPTY,
  TOO_LONG,
  OUT_OF_RANGE;

  /** A spoilt record, and the field that a dead letter names for it. */
  record Spoilt(byte[] value, String field) {}

  private static final Defect[] ALL = values();
  private static final List<String> TEXTS =
      List.of("event_id", "user_id", "session_id", "product_id", "category", "action");
  private static final List<String> REQUIRED = with(TEXTS, "price", "quantity", "timestamp");
  private static final List<String> TYPED = with(REQUIRED, "metadata");

  static Defect draw(Rng rng) {
    return ALL[rng.below(ALL.length)];
  }

  /** The reason as dead letters show it. */
  String reason() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Spoils a record in this way alone.
   *
   * @param fields the JSON text of each field of a valid record, by name in the usual order
   * @param choice random; the same choice gives the same result
   */
  Spoilt spoil(Map<String, String> fields, long choice) {
    int pick = (int) (choice >>> 33);
    Map<String, String> changed = new LinkedHashMap<>(fields);
    String field = null;
    switch (this) {
      case NOT_JSON -> {
        return new Spoilt(notJson(changed, pick), null);
      }
      case TOO_DEEP -> changed.put("path", "[".repeat(70) + "]".repeat(70));
      case NOT_OBJECT -> {
        return new Spoilt(("[" + object(changed) + "]").getBytes(UTF_8), null);
      }
      case MISSING_FIELD -> {
        field = of(REQUIRED, pick);
        changed.remove(field);
      }
      case WRONG_TYPE -> {
        field = of(TYPED, pick);
        boolean text = TEXTS.contains(field);
        boolean object = field.equals("metadata");
        changed.put(field, text ? "17" : object ? "[]" : "\"" + fields.get(field) + "\"");
      }
      case EMPTY -> {
        field = of(TEXTS, pick);
        changed.put(field, "\"\"");
      }
      case TOO_LONG -> {
        field = of(TEXTS, pick);
        changed.put(field, "\"" + "long-".repeat(60) + "\"");
      }
      case OUT_OF_RANGE -> field = outOfRange(changed, pick);
    }
    return new Spoilt(object(changed).getBytes(UTF_8), field);
  }

  private static byte[] notJson(Map<String, String> fields, int pick) {
    if (pick % 3 == 0) {
      // Half of a surrogate pair.
      fields.put("comment", "\"\\ud83d\"");
      return object(fields).getBytes(UTF_8);
    }
    byte[] record = object(fields).getBytes(UTF_8);
    if (pick % 3 == 1) {
      // A byte that UTF-8 never has, inside the event_id.
      record[16] = (byte) 0xff;
      return record;
    }
    // Cut off somewhere.
    return java.util.Arrays.copyOf(record, 1 + pick / 3 % (record.length - 1));
  }

  private static String outOfRange(Map<String, String> fields, int pick) {
    switch (pick % 6) {
      case 0:
        fields.put("price", "-" + fields.get("price"));
        return "price";
      case 1:
        fields.put("quantity", "0");
        return "quantity";
      case 2:
        fields.put("quantity", "1000001");
        return "quantity";
      case 3:
        // Each is in its range, price x quantity is not.
        fields.put("price", "1000.01");
        fields.put("quantity", "1000000");
        return "quantity";
      case 4:
        fields.put("timestamp", "0");
        return "timestamp";
      default:
        fields.put("timestamp", "253402300800000");
        return "timestamp";
    }
  }

  private static String object(Map<String, String> fields) {
    StringBuilder json = new StringBuilder("{");
    fields.forEach(
        (name, value) ->
            json.append(json.length() > 1 ? "," : "")
                .append('"')
                .append(name)
                .append("\":")
                .append(value));
    return json.append('}').toString();
  }

  private static String of(List<String> names, int pick) {
    return names.get(pick % names.size());
  }

  private static List<String> with(List<String> names, String... more) {
    List<String> all = new ArrayList<>(names);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }
}
