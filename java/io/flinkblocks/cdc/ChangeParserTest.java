package io.flinkblocks.cdc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.DeadLetter.Origin;
import io.flinkblocks.event.DeadLetter.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChangeParserTest {
  private static final Origin ORIGIN = new Origin("cdc.public.users", 0, 5, null, List.of());

  private final ChangeParser parser = new ChangeParser();

  static List<TestingCase> cases() {
    return TestingCase.all();
  }

  static List<TestingCase> values() {
    return cases().stream().filter(given -> given.value() != null).toList();
  }

  static List<TestingCase> bare() {
    return values().stream()
        .filter(given -> !new String(given.value(), UTF_8).contains("payload"))
        .toList();
  }

  static List<TestingCase> lines() {
    return values().stream().filter(given -> given.lineVerdict() != null).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void verdictOfTheContract(TestingCase given) {
    assertEquals(
        given.verdict(), TestingCase.verdict(parser.parse(given.key(), given.value(), null)));
  }

  @ParameterizedTest
  @MethodSource("values")
  void whiteSpaceMakesNoDifference(TestingCase given) throws Exception {
    byte[] compact = TestingRawTree.read(given.value()).compact().getBytes(UTF_8);
    assertEquals(given.verdict(), TestingCase.verdict(parser.parse(given.key(), compact, null)));
  }

  @ParameterizedTest
  @MethodSource("bare")
  void aSchemaAroundItMakesNoDifference(TestingCase given) {
    assertEquals(
        given.verdict(),
        TestingCase.verdict(parser.parse(wrapped(given.key()), wrapped(given.value()), null)));
  }

  private static byte[] wrapped(byte[] json) {
    String schema = "{\"payload\": %s, \"schema\": {\"type\": \"struct\", \"fields\": []}}";
    return json == null ? null : schema.formatted(new String(json, UTF_8)).getBytes(UTF_8);
  }

  @ParameterizedTest
  @MethodSource("lines")
  void aLineHasTheKeyOfItsRow(TestingCase given) {
    assertEquals(given.lineVerdict(), TestingCase.verdict(parser.parseLine(given.value())));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theReferenceAgrees(TestingCase given) {
    assertEquals(
        given.verdict(),
        TestingCase.verdict(TestingReferenceParser.parse(given.key(), given.value(), null)));
  }

  @ParameterizedTest
  @CsvSource({
    "first, FIRST",
    "first_in_data_collection, FIRST",
    "last, LAST",
    "last_in_data_collection, LAST",
    "true, NONE",
    "false, NONE",
    "incremental, NONE",
    "LAST, NONE"
  })
  void marksOfASnapshot(String snapshot, Mark mark) {
    String value =
        "{'op':'%s','after':{'id':1},'source':{'table':'users','snapshot':'" + snapshot + "'}}";
    assertEquals(mark, change(value.formatted("r")).mark());
    // Only rows that a snapshot read have one.
    assertEquals(Mark.NONE, change(value.formatted("c")).mark());
  }

  @ParameterizedTest
  @CsvSource({
    "'\"public\"', users",
    "'\"\"', users",
    "null, users",
    "'\"shop\"', shop.users",
    "'\"Public\"', Public.users",
    "'\"p\\u0075blic\"', users"
  })
  void namesOfTables(String schema, String table) {
    String value = "{'op':'t','source':{'table':'\\u0075sers','schema':" + schema + "}}";
    assertEquals(table, change(value).table());
  }

  private Change change(String value) {
    byte[] key = "{\"id\":1}".getBytes(UTF_8);
    return assertInstanceOf(
        Change.class, parser.parse(key, value.replace('\'', '"').getBytes(UTF_8), null));
  }

  @Test
  void aKeyWithoutValueIsATombstone() {
    byte[] key = "{\"id\":1}".getBytes(UTF_8);
    assertEquals(new Skipped("tombstone"), parser.parse(key, null, ORIGIN));
    assertEquals(new Skipped("tombstone"), parser.parse(key, new byte[0], ORIGIN));
    assertEquals(new Skipped("tombstone"), parser.parse(key, "null".getBytes(UTF_8), ORIGIN));
    assertEquals(
        Reason.NOT_JSON, ((Refused) parser.parse(null, new byte[0], null)).letter().reason());
  }

  @Test
  void aRefusalKeepsTheRecordAndItsOrigin() {
    byte[] value = "{\"op\":".getBytes(UTF_8);
    DeadLetter letter = ((Refused) parser.parse(null, value, ORIGIN)).letter();
    assertSame(value, letter.value());
    assertSame(ORIGIN, letter.origin());
    assertEquals(Reason.NOT_JSON, letter.reason());
    assertNull(letter.field());
    assertNull(((Refused) parser.parseLine(value)).letter().origin());
  }

  @Test
  void nothingOfARecordStaysForTheNext() {
    change(
        "{'op':'r','source':{'table':'users','lsn':5,'txId':6,'ts_ms':7,'snapshot':'last'},"
            + "'after':{'id':1,'name':'x'},'before':{'id':1}}");
    Change next = change("{'op':'r','source':{'table':'users'},'after':{'id':2}}");
    assertEquals(0, next.lsn());
    assertEquals(-1, next.txId());
    assertEquals(0, next.time());
    assertEquals(Mark.NONE, next.mark());
    assertEquals("{\"id\":2}", next.after().toString());
    assertNull(next.before());
  }
}
