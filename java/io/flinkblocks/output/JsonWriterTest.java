package io.flinkblocks.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();

  private final JsonWriter writer = new JsonWriter();

  @Test
  void writesFieldsInTheOrderOfTheCalls() {
    byte[] json =
        writer
            .begin()
            .field("text", "caf\u00e9")
            .field("none", (String) null)
            .field("slice", "abcdef".getBytes(StandardCharsets.UTF_8), 2, 3)
            .field("number", Long.MIN_VALUE)
            .field("yes", true)
            .nullField("null")
            .amount("small", 1)
            .amount("sum", Amount.ofWords(1, 0))
            .array("empty")
            .array("texts", "a\"b".getBytes(StandardCharsets.UTF_8), new byte[] {'{'}, new byte[0])
            .open("inner")
            .field("d\u00e9j\u00e0".getBytes(StandardCharsets.UTF_8), 3)
            .open("empty")
            .close()
            .field("more", 1)
            .close()
            .json("raw", "{\"a b\" : [ 1 ,\n2 ] }".getBytes(StandardCharsets.UTF_8))
            .end();
    assertEquals(
        "{\"text\":\"caf\u00e9\",\"none\":null,\"slice\":\"cde\",\"number\":-9223372036854775808,"
            + "\"yes\":true,\"null\":null,\"small\":0.000001,\"sum\":18446744073709.551616,"
            + "\"empty\":[],\"texts\":[\"a\\\"b\",\"{\",\"\"],"
            + "\"inner\":{\"d\u00e9j\u00e0\":3,\"empty\":{},\"more\":1},\"raw\":{\"a b\":[1,2]}}",
        text(json));
  }

  @Test
  void escapesWhatMustBeEscapedAndNothingElse() {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c <= '\u0080'; c++) {
      all.append(c);
    }
    all.append("\u2028\ud83d\ude00");
    String expected =
        "{\"a\":\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r"
            + "\\u000e\\u000f\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018"
            + "\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f !\\\""
            + all.substring('#', '\\')
            + "\\\\"
            + all.substring(']')
            + "\"}";
    assertEquals(expected, text(writer.begin().field("a", all.toString()).end()));
  }

  @Test
  void isReusable() {
    writer.begin().field("a", "x".repeat(1000)).open("left open");
    assertEquals("{}", text(writer.begin().end()));
    assertEquals("{\"b\":1}", text(writer.begin().field("b", 1).end()));
  }

  @Property
  void anyTextIsReadBackAsItWas(@ForAll("texts") String name, @ForAll("texts") String value)
      throws IOException {
    byte[] json = writer.begin().field("\u0000" + name, value).field(name, 1).end();
    JsonNode read = JACKSON.readTree(json);
    assertEquals(2, read.size());
    assertEquals(value, read.get("\u0000" + name).textValue());
    assertEquals(1, read.get(name).intValue());
    // Jackson writes the hex digits in upper case; else the forms are the same.
    String jackson = new String(JsonStringEncoder.getInstance().quoteAsString(value));
    assertEquals(
        "{\"v\":\"" + jackson.toLowerCase(Locale.ROOT) + "\"}",
        text(writer.begin().field("v", value).end()).toLowerCase(Locale.ROOT));
  }

  @Property
  void compactingChangesNothingButWhiteSpace(@ForAll("texts") String a, @ForAll("texts") String b)
      throws IOException {
    JsonNode tree =
        JACKSON
            .createObjectNode()
            .put(a, b)
            .set("\u0000", JACKSON.createArrayNode().add(a).add(1.5));
    byte[] pretty = JACKSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
    byte[] json = writer.begin().json("x", pretty).end();
    assertEquals("{\"x\":" + text(JACKSON.writeValueAsBytes(tree)) + "}", text(json));
    assertFalse(text(json).contains("\n"));
  }

  /** Without lone surrogates; often with what is escaped. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<Integer> characters =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 0x7f),
            Arbitraries.of((int) '"', (int) '\\', (int) '\n', (int) ' ', 0x80, 0xffff, 0x1f600),
            Arbitraries.integers().between(0x80, 0xd7ff),
            Arbitraries.integers().between(0x10000, 0x10ffff));
    return characters
        .list()
        .ofMaxSize(20)
        .map(list -> list.stream().map(Character::toString).reduce("", String::concat));
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
