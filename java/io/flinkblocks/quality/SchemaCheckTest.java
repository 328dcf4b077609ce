package io.flinkblocks.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SchemaCheckTest {
  private final TestingShop shop = new TestingShop();
  private final TestingChecks tables = new TestingChecks(TestingRules.named("schema_drift"));

  @Test
  void columnsAreAddedDroppedAndRetyped() throws Exception {
    assertEquals(List.of(), tables.take(shop.write("users", 1, "\"a\":1,\"b\":\"x\"")));
    assertEquals(
        List.of("c \"boolean\" was added @1000000"),
        tables.take(shop.write("users", 2, "\"a\":1,\"b\":\"x\",\"c\":true")));
    assertEquals(
        List.of("a null was dropped @1000000"),
        tables.take(shop.write("users", 2, "\"b\":\"x\",\"c\":false")));
    assertEquals(
        List.of("b \"number\" was string before @1000000"),
        tables.take(shop.write("users", 1, "\"b\":-1,\"c\":false")));
    assertEquals(List.of(), tables.take(shop.write("users", 3, "\"b\":2,\"c\":true")));
  }

  @Test
  void aNullTellsNothing() throws Exception {
    tables.take(shop.write("users", 1, "\"a\":null,\"b\":[1]"));
    assertEquals(List.of(), tables.take(shop.write("users", 1, "\"a\":{},\"b\":null")));
    assertEquals(List.of(), tables.take(shop.write("users", 1, "\"a\":null,\"b\":[]")));
    assertEquals(
        List.of("a \"array\" was object before @1000000"),
        tables.take(shop.write("users", 1, "\"a\":[],\"b\":null")));
    assertEquals(
        List.of("c null was added @1000000"),
        tables.take(shop.write("users", 1, "\"a\":[],\"b\":null,\"c\":null")));
    assertEquals(List.of(), tables.take(shop.write("users", 1, "\"a\":[],\"b\":null,\"c\":\"x\"")));
  }

  @Test
  void tablesAndDeletesDoNotMix() throws Exception {
    tables.take(shop.write("users", 1, "\"a\":1"));
    assertEquals(List.of(), tables.take(shop.write("x'; DROP TABLE users;--", 1, "\"b\":1")));
    assertEquals(List.of(), tables.take(shop.delete("users", 1)));
    assertEquals(
        List.of("z\u0000\"; null was added @1000000"),
        tables.take(shop.read("x'; DROP TABLE users;--", 1, "\"b\":1,\"z\\u0000\\\";\":null")));
  }

  @Test
  void anOlderRowIsNoNews() throws Exception {
    var old = shop.write("users", 1, "\"a\":1");
    tables.take(shop.pass(5).write("users", 2, "\"b\":1"));
    assertEquals(List.of(), tables.take(old));
    assertEquals(List.of(), tables.take(shop.write("users", 3, "\"b\":2")));
  }

  @Provide
  Arbitrary<List<Map<String, String>>> histories() {
    Arbitrary<String> values = Arbitraries.of("1", "\"x\"", "true", "{}", "[]", "null", "null");
    return Arbitraries.maps(Arbitraries.of("a", "b", "c", "d"), values)
        .ofMinSize(1)
        .map(fields -> (Map<String, String>) new TreeMap<>(fields))
        .list()
        .ofMaxSize(12);
  }

  /** Each row is compared with the table as the rows before it left it. */
  @Property(tries = 150)
  void everyDifferenceIsToldOnce(@ForAll("histories") List<Map<String, String>> history)
      throws Exception {
    TreeMap<String, String> table = null;
    TestingShop database = new TestingShop();
    TestingChecks check = new TestingChecks(TestingRules.named("schema_drift"));
    for (int i = 0; i < history.size(); i++) {
      Map<String, String> row = history.get(i);
      List<String> expected = table == null ? List.of() : differences(table, row, database.time());
      String fields =
          row.entrySet().stream()
              .map(field -> '"' + field.getKey() + "\":" + field.getValue())
              .collect(Collectors.joining(","));
      assertEquals(expected, check.take(database.write("t", i, fields)));
      TreeMap<String, String> before = table;
      table = new TreeMap<>(row);
      if (before != null) {
        table.replaceAll((c, v) -> v.equals("null") ? before.getOrDefault(c, v) : v);
      }
    }
  }

  private static List<String> differences(
      Map<String, String> table, Map<String, String> row, long time) {
    List<String> differences = new ArrayList<>();
    for (String column : table.keySet()) {
      if (!row.containsKey(column)) {
        differences.add("%s null was dropped @%d".formatted(column, time));
      }
    }
    row.forEach(
        (column, value) -> {
          String kind = value.equals("null") ? "null" : '"' + kind(value) + '"';
          String was = table.get(column);
          if (was == null) {
            differences.add("%s %s was added @%d".formatted(column, kind, time));
          } else if (!was.equals("null") && !value.equals("null") && !was.equals(value)) {
            differences.add("%s %s was %s before @%d".formatted(column, kind, kind(was), time));
          }
        });
    return differences;
  }

  private static String kind(String value) {
    return Map.of(
            "1", "number", "\"x\"", "string", "true", "boolean", "{}", "object", "[]", "array")
        .get(value);
  }
}
