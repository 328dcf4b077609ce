package io.flinkblocks.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.cdc.Cause;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Mark;
import io.flinkblocks.cdc.Op;
import io.flinkblocks.cdc.Row;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LifecycleRulesTest {
  private static final LifecycleRules RULES =
      new LifecycleRules(List.of("bronze", "silver", "gold", "x'; DROP TABLE users;--"));

  /** What a change of the status is, by all that there are; the others are none. */
  private static final Map<String, String> STATUS =
      Map.of(
          "pending>active", "activated",
          "closed>active", "activated",
          "null>active", "activated",
          "suspended>active", "reactivated",
          "pending>suspended", "suspended",
          "active>suspended", "suspended",
          "closed>suspended", "suspended",
          "null>suspended", "suspended");

  @Provide
  Arbitrary<String> statuses() {
    return Arbitraries.of("pending", "active", "suspended", "closed").injectNull(0.2);
  }

  @Provide
  Arbitrary<String> tiers() {
    return Arbitraries.of("bronze", "silver", "gold", "x'; DROP TABLE users;--", "other")
        .injectNull(0.1);
  }

  @Property
  void anUpdateIsAStepOfTheStatusAndThenOneOfTheTier(
      @ForAll("statuses") String from,
      @ForAll("statuses") String to,
      @ForAll("tiers") String low,
      @ForAll("tiers") String high) {
    List<String> expected = new ArrayList<>();
    if (STATUS.containsKey(from + ">" + to)) {
      expected.add(STATUS.get(from + ">" + to));
    }
    int rank = rank(high).compareTo(rank(low));
    if (rank != 0 && !rank(low).isEmpty() && !rank(high).isEmpty()) {
      expected.add(rank > 0 ? "upgraded" : "downgraded");
    }
    assertEquals(expected, RULES.types(change(Op.UPDATE, user(from, low), user(to, high))));
  }

  /** A letter that sorts as the tier does; none for a tier that is not known. */
  private static String rank(String tier) {
    if (tier == null || tier.equals("other")) {
      return "";
    }
    return Map.of("bronze", "a", "silver", "b", "gold", "c").getOrDefault(tier, "d");
  }

  @Test
  void aUserIsRegisteredAndDeleted() {
    Row user = user("active", "gold");
    assertEquals(List.of("registered"), RULES.types(change(Op.CREATE, null, user)));
    assertEquals(List.of("deleted"), RULES.types(change(Op.DELETE, user, null)));
    assertEquals(
        List.of("deleted"),
        RULES.types(change("users", Op.DELETE, Cause.TRUNCATION, user, null, 1)));
    assertEquals(List.of(), RULES.types(change(Op.TRUNCATE, null, null)));
  }

  @Test
  void snapshotsAndOtherTablesAreNoSteps() {
    Row before = user("active", "gold");
    Row after = user("suspended", "bronze");
    for (Op op : Op.values()) {
      assertEquals(
          List.of(), RULES.types(change("users", op, Cause.SNAPSHOT, before, after, 1)), op.name());
      assertEquals(List.of(), RULES.types(change("products", op, Cause.STREAM, before, after, 1)));
      assertEquals(List.of(), RULES.types(change("old.users", op, Cause.STREAM, before, after, 1)));
    }
  }

  @Test
  void whatWasBeforeMustBeKnown() {
    Row after = user("suspended", "bronze");
    assertEquals(List.of(), RULES.types(change(Op.UPDATE, null, after)));
    assertEquals(List.of(), RULES.types(change(Op.UPDATE, row("{\"id\":7}"), after)));
    assertEquals(
        List.of("suspended"),
        RULES.types(change(Op.UPDATE, row("{\"id\":7,\"status\":\"active\"}"), after)));
  }

  @Test
  void theRecordHasTheContractsFieldsInTheirOrder() {
    Row before = row("{\"id\":7,\"email\":\"\u00fc\\\"@x\",\"status\":\"active\"}");
    Row after = row("{\"id\":7,\"email\":\"x'; DROP TABLE users;--\",\"status\":\"suspended\"}");
    assertRecord(
        "7",
        "{\"type\":\"suspended\",\"user_id\":7,\"before\":"
            + before
            + ",\"after\":"
            + after
            + ",\"time\":1234,\"lsn\":\"0/16B3748\",\"tx_id\":601}",
        change("users", Op.UPDATE, Cause.STREAM, before, after, 0x16B3748),
        "suspended");
    assertRecord(
        "7",
        "{\"type\":\"registered\",\"user_id\":7,\"before\":null,\"after\":"
            + after
            + ",\"time\":1234,\"lsn\":\"FF/1\",\"tx_id\":601}",
        change("users", Op.CREATE, Cause.STREAM, null, after, 0xFF_0000_0001L),
        "registered");
  }

  @Test
  void whatIsNotKnownIsNull() {
    Change change =
        new Change(
            "users",
            Op.DELETE,
            Cause.STREAM,
            Mark.NONE,
            "{\"id\":-3}".getBytes(UTF_8),
            null,
            null,
            0,
            -1,
            9);
    assertRecord(
        "-3",
        "{\"type\":\"deleted\",\"user_id\":-3,\"before\":null,\"after\":null,\"time\":9,"
            + "\"lsn\":null,\"tx_id\":null}",
        change,
        "deleted");
  }

  private static void assertRecord(String key, String value, Change change, String type) {
    OutputRecord record = RULES.record(type, change, new JsonWriter());
    assertEquals("user-lifecycle-events", record.output());
    assertEquals(key, new String(record.key(), UTF_8));
    assertEquals(value, new String(record.value(), UTF_8));
  }

  private static Change change(Op op, Row before, Row after) {
    return change("users", op, Cause.STREAM, before, after, 1);
  }

  private static Change change(String table, Op op, Cause cause, Row before, Row after, long lsn) {
    byte[] key = "{\"id\":7}".getBytes(UTF_8);
    return new Change(table, op, cause, Mark.NONE, key, before, after, lsn, 601, 1_234);
  }

  private static Row user(String status, String tier) {
    return row("{\"id\":7,\"tier\":%s,\"status\":%s}".formatted(json(tier), json(status)));
  }

  private static String json(String text) {
    return text == null ? "null" : '"' + text + '"';
  }

  private static Row row(String json) {
    return Row.of(json.getBytes(UTF_8));
  }
}
