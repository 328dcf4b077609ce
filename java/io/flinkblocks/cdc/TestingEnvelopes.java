package io.flinkblocks.cdc;

import io.flinkblocks.event.TestingJsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random records of a seed: envelopes of the shop's tables and others, in every formatting and
 * encoding, bare or with a schema, some of them with members that are missing, doubled or wrong.
 */
final class TestingEnvelopes {
  private static final Map<String, List<String>> TABLES =
      Map.of(
          "users",
          List.of("id", "email", "name", "tier", "status", "created_at", "updated_at"),
          "products",
          List.of("id", "sku", "name", "category", "price", "stock", "reorder_level", "updated_at"),
          "orders",
          List.of(
              "id",
              "user_id",
              "product_id",
              "quantity",
              "amount",
              "status",
              "created_at",
              "updated_at"),
          "invoices",
          List.of("id", "price", "created_at", "note\n\"x\""));

  private final Random random;
  private final TestingJsonText json;
  // Of the record that is being made.
  private boolean sound;
  private TestingColumnValues values;

  /** One record of a topic. */
  record Given(byte[] key, byte[] value) {}

  TestingEnvelopes(long seed) {
    random = new Random(seed);
    json = new TestingJsonText(random);
  }

  /** A record that is valid JSON, and most often a change. */
  Given next() {
    sound = chance(60);
    boolean wrapped = chance(40);
    values = new TestingColumnValues(random, json, wrapped);
    String table = json.pick("users", "products", "orders", "orders", "invoices");
    String envelope = envelope(table);
    String value = wrapped ? wrapped(table, envelope) : envelope;
    String key =
        sound || chance(95) ? json.object(List.of(json.member("id", values.id()))) : badKey();
    if (chance(30)) {
      key =
          json.object(
              List.of(json.member("schema", "{\"type\":\"struct\"}"), json.member("payload", key)));
    }
    return new Given(bytes(key), bytes(json.space() + value + json.space()));
  }

  private String badKey() {
    return json.pick("", "null", "{}", "[1]", "7", "{", json.value(2), json.nested(70));
  }

  private String envelope(String table) {
    List<String> members = new ArrayList<>();
    String op = json.pick("c", "u", "u", "d", "r", "t");
    member(members, "before", chance(30) ? "null" : row(table));
    member(members, "after", op.equals("d") || op.equals("t") ? "null" : row(table));
    member(members, "source", source(table));
    member(
        members, "op", sound || chance(90) ? json.string(op) : json.pick("\"x\"", "\"m\"", "\"\""));
    if (chance(50)) {
      members.add(json.member("transaction", json.pick("null", "{\"id\":\"5:1\"}")));
    }
    if (!sound && chance(20)) {
      members.add(json.member("status", json.pick("\"BEGIN\"", "\"END\"", "\"?\"", "1")));
    }
    return finished(members, "before", "after", "op", "source", "payload");
  }

  private String source(String table) {
    List<String> members = new ArrayList<>();
    members.add(json.member("version", "\"3.7.0.Final\""));
    member(members, "ts_ms", values.anyLong());
    if (chance(70)) {
      member(
          members,
          "snapshot",
          json.pick(
              "\"first\"",
              "\"last\"",
              "\"true\"",
              "\"false\"",
              "\"first_in_data_collection\"",
              "\"last_in_data_collection\"",
              "\"incremental\"",
              "null",
              "true"));
    }
    if (chance(90)) {
      member(members, "schema", json.pick("\"public\"", "\"public\"", "\"\"", "\"shop\"", "null"));
    }
    member(members, "table", json.string(chance(95) ? table : json.text(5)));
    member(members, "txId", chance(80) ? values.anyLong() : "null");
    member(members, "lsn", chance(80) ? values.anyLong() : "null");
    return finished(members, "table", "lsn", "schema", "x");
  }

  private String row(String table) {
    List<String> members = new ArrayList<>();
    for (String column : TABLES.get(table)) {
      member(members, column, chance(8) ? "null" : values.good(column));
    }
    if (chance(10)) {
      members.add(json.member(json.text(random.nextInt(4)), json.value(3)));
    }
    return finished(members, "id", "price", "created_at", "status");
  }

  private void member(List<String> members, String name, String good) {
    if (sound || chance(97)) {
      members.add(json.member(name, sound || chance(97) ? good : bad()));
    }
  }

  private String finished(List<String> members, String... doubles) {
    if (chance(10)) {
      String name = json.pick(doubles);
      members.add(random.nextInt(members.size() + 1), json.member(name, bad()));
    }
    if (chance(20)) {
      Collections.shuffle(members, random);
    }
    return json.object(members);
  }

  private String bad() {
    return json.pick("null", "\"\"", "-0", "1.5", "true", "{}", "[ ]", json.value(2));
  }

  private String wrapped(String table, String envelope) {
    List<String> fields = new ArrayList<>();
    for (String column : TABLES.get(table)) {
      fields.add(values.schema(column));
    }
    if (chance(10)) {
      fields.add(json.value(2));
    }
    String row = "\"type\":\"struct\",\"fields\":[" + String.join(",", fields) + "]";
    String rows =
        "[{" + row + ",\"field\":\"before\"}, {\"optional\":true,\"field\":\"after\"," + row + "}]";
    String schema =
        json.object(List.of(json.member("type", "\"struct\""), json.member("fields", rows)));
    List<String> members = new ArrayList<>();
    members.add(json.member("schema", chance(97) ? schema : bad()));
    members.add(json.member("payload", chance(98) ? envelope : bad()));
    return finished(members, "payload", "schema", "op", "source");
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
