package io.flinkblocks.quality;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.flinkblocks.cdc.Row;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShapesTest {
  private final Shapes shapes = new Shapes();

  @Test
  void onlyWhatIsNewIsTold() throws IOException {
    assertEquals(Map.of("a", "number", "b", "string"), told("t", "{\"a\":1,\"b\":\"x\"}", 5));
    assertNull(shapes.toTell("t", row("{\"a\":-2,\"b\":\"\"}"), 6));
    assertNull(shapes.toTell("t", row("{\"a\":null,\"b\":\"\"}"), 7));
    assertEquals(Map.of("a", "number", "b", "string"), told("u", "{\"a\":1,\"b\":\"x\"}", 7));
    assertEquals(Map.of("a", "boolean", "b", "string"), told("t", "{\"a\":true,\"b\":\"x\"}", 8));
    assertEquals(Map.of("a", "boolean"), told("t", "{\"a\":true}", 8));
    assertNull(shapes.toTell("t", row("{\"a\":false}"), 8));
  }

  @Test
  void oneASecondIsTold() throws IOException {
    told("t", "{\"a\":1}", 1_000);
    assertNull(shapes.toTell("t", row("{\"a\":1}"), 1_999));
    assertEquals(Map.of("a", ""), told("t", "{\"a\":null}", 2_000), "what the row says itself");
    assertNull(shapes.toTell("t", row("{\"a\":1}"), 2_999));
    assertNotNull(shapes.toTell("t", row("{\"a\":1}"), 100), "the clock was set back");
  }

  /** A column may have any name, also half a character, which UTF-8 cannot write. */
  @Test
  void namesStayAsTheyAre() throws IOException {
    Map<String, String> kinds = Map.of("\ud800", "number", "\ud801", "", "\u0000\"", "array");
    assertEquals(kinds, Shape.read(Shape.write(kinds)));
    assertEquals(List.of("b", "a"), List.copyOf(told("t", "{\"b\":[],\"a\":{}}", 1).keySet()));
  }

  private Map<String, String> told(String table, String row, long time) throws IOException {
    return Shape.read(shapes.toTell(table, row(row), time));
  }

  private static Row row(String json) {
    return Row.of(json.getBytes(UTF_8));
  }
}
