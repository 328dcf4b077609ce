package io.flinkblocks.cdc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every reason for which a record is refused, and which one is told of several. */
class ChangeParserRefusalTest {
  private static final String KEY = "{'id':1}";
  private static final String ROW = "{'id':1}";
  private static final String SOURCE = "{'table':'orders'}";

  private final ChangeParser parser = new ChangeParser();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null                | missing_field op",
        "5                   | wrong_type op",
        "{}                  | wrong_type op",
        "''                  | out_of_range op",
        "'C'                 | out_of_range op",
        "'cc'                | out_of_range op",
        "'\u00fc'            | out_of_range op",
      })
  void op(String op, String expected) {
    assertEquals(expected, verdict(KEY, envelope(op, SOURCE, ROW)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null                                                      | missing_field source",
        "'x'                                                       | wrong_type source",
        "[]                                                        | wrong_type source",
        "{}                                                        | missing_field source.table",
        "{'table':null}                                            | missing_field source.table",
        "{'table':7}                                               | wrong_type source.table",
        "{'table':'orders','schema':7}                             | wrong_type source.schema",
        "{'table':'orders','lsn':'7'}                              | wrong_type source.lsn",
        "{'table':'orders','lsn':7.0}                              | wrong_type source.lsn",
        "{'table':'orders','lsn':9223372036854775808}              | wrong_type source.lsn",
        "{'table':'orders','lsn':-9223372036854775808}             | change",
        "{'table':'orders','txId':true}                            | wrong_type source.txId",
        "{'table':'orders','ts_ms':'now'}                          | wrong_type source.ts_ms",
        "{'table':'orders','lsn':null,'txId':null,'ts_ms':null}    | change",
        "{'table':'orders','snapshot':true}                        | change",
        "{'table':'orders','ts_ms':'now','txId':[],'lsn':{}}       | wrong_type source.lsn",
        "{'lsn':'7'}                                               | missing_field source.table",
      })
  void source(String source, String expected) {
    assertEquals(expected, verdict(KEY, envelope("'c'", source, ROW)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null                                          | missing_field after",
        "[]                                            | wrong_type after",
        "'x'                                           | wrong_type after",
        "{}                                            | change",
        "{'id':1,'other':[{'any':'thing'},null]}       | change",
        "{'id':'1'}                                    | wrong_type after.id",
        "{'id':1.0}                                    | wrong_type after.id",
        "{'id':1e0}                                    | wrong_type after.id",
        "{'id':-0}                                     | change",
        "{'id':99999999999999999999}                   | wrong_type after.id",
        "{'user_id':true}                              | wrong_type after.user_id",
        "{'product_id':{}}                             | wrong_type after.product_id",
        "{'quantity':'2'}                              | wrong_type after.quantity",
        "{'stock':1.5}                                 | wrong_type after.stock",
        "{'reorder_level':[]}                          | wrong_type after.reorder_level",
        "{'email':1}                                   | wrong_type after.email",
        "{'name':{}}                                   | wrong_type after.name",
        "{'tier':[]}                                   | wrong_type after.tier",
        "{'status':false}                              | wrong_type after.status",
        "{'sku':0}                                     | wrong_type after.sku",
        "{'category':1.5}                              | wrong_type after.category",
        "{'price':'x'}                                 | wrong_type after.price",
        "{'amount':1e12}                               | out_of_range after.amount",
        "{'updated_at':5}                              | wrong_type after.updated_at",
        "{'id':null,'status':null,'amount':null,'created_at':null} | change",
        "{'amount':1e12,'id':'1','status':5}           | wrong_type after.id",
        "{'amount':1e12,'price':1e13}                  | out_of_range after.amount",
      })
  void after(String after, String expected) {
    for (String op : new String[] {"'c'", "'r'", "'u'"}) {
      assertEquals(expected, verdict(KEY, envelope(op, SOURCE, after)));
    }
    assertEquals("change", verdict(KEY, envelope("'d'", SOURCE, after)));
    assertEquals("change", verdict(KEY, envelope("'t'", SOURCE, after)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null            | change",
        "{'id':1}        | change",
        "[]              | wrong_type before",
        "'x'             | wrong_type before",
        "{'id':'1'}      | wrong_type before.id",
        "{'amount':1e12} | out_of_range before.amount",
      })
  void before(String before, String expected) {
    String envelope = "{'before':" + before + ",'after':{'id':1},'source':" + SOURCE + ",'op':%s}";
    assertEquals(expected, verdict(KEY, envelope.formatted("'u'")));
    assertEquals(expected, verdict(KEY, envelope.formatted("'d'")));
    assertEquals("change", verdict(KEY, envelope.formatted("'c'")));
    assertEquals("change", verdict(KEY, envelope.formatted("'r'")));
  }

  static Stream<Map.Entry<String, String>> keys() {
    return Stream.of(
        Map.entry("", "missing_field key"),
        Map.entry("null", "missing_field key"),
        Map.entry(" null ", "missing_field key"),
        Map.entry("{'schema':null,'payload':null}", "missing_field key"),
        Map.entry("7", "wrong_type key"),
        Map.entry("'id'", "wrong_type key"),
        Map.entry("[1]", "wrong_type key"),
        Map.entry("{'schema':{},'payload':7}", "wrong_type key"),
        Map.entry("{", "not_json key"),
        Map.entry("{'id':1}x", "not_json key"),
        Map.entry("{'x':" + "[".repeat(64) + "]".repeat(64) + "}", "too_deep key"),
        Map.entry("{'x':" + "[".repeat(63) + "]".repeat(63) + "}", "change"),
        Map.entry("{'id':'1'}", "wrong_type key.id"),
        Map.entry("{'id':1.5,'x':1}", "wrong_type key.id"),
        Map.entry("{}", "change"),
        Map.entry("{'number':'1'}", "change"),
        Map.entry("{'schema':1,'payload':{'id':1},'id':2}", "change"));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void key(Map.Entry<String, String> given) {
    assertEquals(given.getValue(), verdict(given.getKey(), envelope("'c'", SOURCE, ROW)));
    assertEquals("change", verdict(given.getKey(), envelope("'t'", SOURCE, ROW)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'c' | {'id':1}    | null       | change",
        "'c' | {'id':null} | null       | missing_field key",
        "'c' | {'sku':'x'} | null       | missing_field key",
        "'c' | {}          | {'id':1}   | missing_field key",
        "'c' | {'id':'x'}  | null       | wrong_type after.id",
        "'c' | []          | null       | wrong_type after",
        "'u' | {'id':1}    | {'id':2}   | change",
        "'d' | null        | {'id':2}   | change",
        "'d' | {'id':1}    | null       | missing_field key",
        "'d' | null        | 5          | wrong_type before",
        "'t' | null        | null       | change",
        "'x' | null        | null       | out_of_range op",
      })
  void keyOfALine(String op, String after, String before, String expected) {
    String envelope =
        "{'before':" + before + ",'after':" + after + ",'source':" + SOURCE + ",'op':" + op + "}";
    assertEquals(expected, verdict(parser.parseLine(bytes(envelope))));
  }

  @Test
  void theKeyOfALineIsTheRowsId() {
    String envelope = "{'before':{'id':2},'after':{'x':[],'id':-0},'source':%s,'op':'%s'}";
    assertEquals("{\"id\":0}", key(envelope.formatted(SOURCE, "u")));
    assertEquals("{\"id\":2}", key(envelope.formatted(SOURCE, "d")));
    String other = "{'table':'parts'}";
    assertEquals("{\"id\":-0}", key(envelope.formatted(other, "u")));
    String text = "{'after':{'id' : {'a' : [ 1 ]}},'source':%s,'op':'c'}";
    assertEquals("{\"id\":{\"a\":[1]}}", key(text.formatted(other)));
  }

  private String key(String line) {
    Change change = assertInstanceOf(Change.class, parser.parseLine(bytes(line)));
    return new String(change.key(), UTF_8);
  }

  @Test
  void keysAreCanonical() {
    byte[] value = bytes(envelope("'c'", SOURCE, ROW));
    for (String key :
        new String[] {
          "{'id':5}", " { 'id' : 5 } ", "{'\\u0069d':5}", "{'payload':{'id':5},'schema':[]}"
        }) {
      Change change = (Change) parser.parse(bytes(key), value, null);
      assertEquals("{\"id\":5}", new String(change.key(), UTF_8));
    }
  }

  @Test
  void fieldsAreToldInTheirOrder() {
    String wrong =
        "{'op':5,'before':5,'after':5,'source':{'table':5,'schema':5,'lsn':'','txId':'','ts_ms':''}}";
    assertEquals("wrong_type op", verdict("5", wrong));
    assertEquals("wrong_type source.table", verdict("5", wrong.replace("'op':5", "'op':'u'")));
    assertEquals(
        "wrong_type source.schema",
        verdict("5", wrong.replace("'op':5", "'op':'u'").replace("'table':5", "'table':'t'")));
    String rows = "{'op':'u','before':{'id':''},'after':5,'source':{'table':'users'}}";
    assertEquals("wrong_type before.id", verdict("5", rows));
    assertEquals("wrong_type after", verdict("5", rows.replace("''", "1")));
    assertEquals("missing_field key", verdict("", rows));
    assertEquals("not_json key", verdict("{", rows));
  }

  private String verdict(String key, String value) {
    return verdict(parser.parse(bytes(key), bytes(value), null));
  }

  private static String verdict(ChangeRecord record) {
    return record instanceof Refused refused
        ? refused.letter().reason().label() + " " + refused.letter().field()
        : "change";
  }

  private static String envelope(String op, String source, String after) {
    return "{'before':null,'after':" + after + ",'source':" + source + ",'op':" + op + "}";
  }

  private static byte[] bytes(String text) {
    return text.replace('\'', '"').getBytes(UTF_8);
  }
}
