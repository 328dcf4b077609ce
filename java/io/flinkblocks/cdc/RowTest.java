package io.flinkblocks.cdc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowTest {
  private static final Row ORDER =
      row(
          "{'id':7,'user_id':-9223372036854775808,'amount':12.50,'note':null,"
              + "'status':'pa\\u0069d \\\"now\\\"','tags':['a,b',{'c':']'}],"
              + "'created_at':'2026-01-31T10:20:30.5Z','\u00fc\\\\':true}");

  @Test
  void valuesByTheirColumn() {
    assertEquals(7, ORDER.integer("id"));
    assertEquals(Long.MIN_VALUE, ORDER.integer("user_id"));
    assertEquals(12_500_000, ORDER.micros("amount"));
    assertEquals(7_000_000, ORDER.micros("id"));
    assertEquals("paid \"now\"", ORDER.text("status"));
    assertEquals("12.50", ORDER.text("amount"));
    assertEquals("[\"a,b\",{\"c\":\"]\"}]", ORDER.text("tags"));
    assertEquals("true", ORDER.text("\u00fc\\"));
    assertEquals(
        Instant.parse("2026-01-31T10:20:30.5Z").toEpochMilli() * 1_000,
        ORDER.timestamp("created_at"));
    assertEquals("\"pa\\u0069d \\\"now\\\"\"", new String(ORDER.value("status"), UTF_8));
    assertEquals("null", new String(ORDER.value("note"), UTF_8));
  }

  @Test
  void nullAndMissing() {
    for (String column : new String[] {"note", "missing", ""}) {
      assertTrue(ORDER.isNull(column));
      assertEquals(0, ORDER.integer(column));
      assertEquals(0, ORDER.micros(column));
      assertEquals(Long.MIN_VALUE, ORDER.timestamp(column));
      assertNull(ORDER.text(column));
    }
    assertTrue(ORDER.has("note"));
    assertFalse(ORDER.has("missing"));
    assertFalse(ORDER.isNull("id"));
    assertNull(ORDER.value("missing"));
  }

  @Test
  void aValueOfAnotherTypeIsAnError() {
    assertMessage("status is no whole number: \"pa", () -> ORDER.integer("status"));
    assertMessage("amount is no whole number: 12.50", () -> ORDER.integer("amount"));
    assertMessage("status is no amount", () -> ORDER.micros("status"));
    assertMessage("tags is no amount", () -> ORDER.micros("tags"));
    assertMessage("amount is no timestamp: 12.50", () -> ORDER.timestamp("amount"));
    assertMessage("status is no timestamp", () -> ORDER.timestamp("status"));
    assertMessage("x is no amount: 1e99", () -> row("{'x':1e99}").micros("x"));
  }

  private static void assertMessage(String start, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().startsWith(start), e.getMessage());
  }

  @Test
  void columnsAreInTheirOrderAndShared() {
    assertEquals(
        List.of("id", "user_id", "amount", "note", "status", "tags", "created_at", "\u00fc\\"),
        ORDER.columns().names());
    assertSame(row("{'a':1,'b':2}").columns(), row("{'a':'x','b':null}").columns());
    assertNotEquals(row("{'a':1,'b':2}").columns(), row("{'b':1,'a':2}").columns());
    assertNotEquals(row("{'a':1,'b':2}").columns(), row("{'a':1}").columns());
    assertSame(Columns.NONE, row("{}").columns());
    assertEquals(0, row("{}").columns().size());
  }

  @Test
  void columnsStayTheSameWhenOthersWereSeenInBetween() {
    Columns columns = row("{'first':1,'second':2}").columns();
    for (int i = 0; i < 1_000; i++) {
      assertEquals(1, row("{'first':1,'x" + i + "':2}").integer("first"));
    }
    System.gc();
    assertSame(columns, row("{'first':5,'second':{}}").columns());
  }

  @Test
  void changedColumns() {
    Row before = row("{'id':1,'a':'x','b':[1],'gone':1}");
    assertEquals(List.of(), before.changed(before));
    assertEquals(List.of(), before.changed(row("{'id':1,'a':'x','b':[1],'gone':1}")));
    assertEquals(List.of("a", "gone"), before.changed(row("{'id':1,'a':'xy','b':[1],'gone':10}")));
    assertEquals(
        List.of("b", "gone", "new", "late"),
        before.changed(row("{'new':1,'id':1,'b':[2],'late':null,'a':'x'}")));
    assertEquals(List.of("a"), row("{'a':null}").changed(row("{}")));
    assertEquals(List.of("a"), row("{}").changed(row("{'a':null}")));
  }

  @Test
  void equalByTheirBytes() {
    assertEquals(row("{'a':1}"), row("{'a':1}"));
    assertEquals(row("{'a':1}").hashCode(), row("{'a':1}").hashCode());
    assertNotEquals(row("{'a':1}"), row("{'a':2}"));
    assertNotEquals(row("{'a':'b'}"), row("{'a':'\\u0062'}"));
    assertEquals("{\"a\":1}", row("{'a':1}").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "}",
        "[]",
        "null",
        "{'a'}",
        "{'a':}",
        "{'a':1",
        "{'a':1,}",
        "{'a':1}x",
        "{'a':1} ",
        "{ 'a':1}",
        "{'a':",
        "{'a':1,'a':2}",
        "{'\\u0061':1}",
        "{'a':'x}",
        "{'a':[1}"
      })
  void whatIsNoCanonicalRowIsAnError(String json) {
    Row row = row(json);
    assertEquals(json.replace('\'', '"'), row.toString());
    assertThrows(IllegalArgumentException.class, row::columns);
    assertThrows(IllegalArgumentException.class, () -> row.text("a"));
  }

  @Property(tries = 300)
  void everyValueIsFound(@ForAll long seed) {
    Random random = new Random(seed);
    TreeMap<String, String> members = new TreeMap<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      String[] values = {
        "1", "-0.5e3", "null", "true", "'\\\"}'", "'\u00fc,'", "''", "{'a':{'b':'}'}}", "[[],'[']"
      };
      members.put(
          Character.toString('a' + random.nextInt(26)).repeat(1 + random.nextInt(3)),
          values[random.nextInt(values.length)].replace('\'', '"'));
    }
    StringBuilder json = new StringBuilder();
    members.forEach(
        (name, value) ->
            json.append(json.isEmpty() ? "{\"" : ",\"").append(name).append("\":").append(value));
    Row row = Row.of((json.isEmpty() ? "{}" : json.append("}").toString()).getBytes(UTF_8));
    assertEquals(List.copyOf(members.keySet()), row.columns().names());
    members.forEach((name, value) -> assertEquals(value, new String(row.value(name), UTF_8)));
  }

  private static Row row(String json) {
    return Row.of(json.replace('\'', '"').getBytes(UTF_8));
  }
}
