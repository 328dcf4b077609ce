package io.flinkblocks.quality;

import static io.flinkblocks.quality.TestingChecks.GRACE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.cdc.Change;
import io.flinkblocks.config.UserError;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;

class MemoryOperatorTest {
  private static final long START = 1_000_000;
  private static final String UNKNOWN = "unknown_user: 1 7 is not in users @1000000";
  private static final String OF_7 = "\"user_id\":7";
  private static final String BOUGHT = OF_7 + ",\"product_id\":1,\"quantity\":2,\"amount\":10.00";
  private static final String USER = "\"email\":\"a@b.de\"";

  private final TestingShop shop = new TestingShop();
  private final List<Rule> rules =
      TestingRules.ofMemory().stream().filter(rule -> rule.check() != Check.SCHEMA).toList();

  @Test
  void whatComesInWrongOrderIsTakenInTheRightOne() throws Exception {
    Change cheap = shop.write("products", 1, "\"price\":4.00");
    Change dear = shop.pass(5).write("products", 1, "\"price\":5.00");
    Change user = shop.write("users", 7, USER);
    Change order = shop.write("orders", 1, BOUGHT);
    Change free = shop.pass(1).write("users", 7, "\"email\":\"other@b.de\"");
    Change taken = shop.write("users", 8, USER);
    try (TestingQuality quality = TestingQuality.open(rules)) {
      quality.send(order, taken, user, cheap, dear, free);
      quality.watermark(START + 5);
      assertEquals(List.of(), quality.take());
      quality.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), quality.take());
    }
  }

  @Test
  void anAlertWaitsForTheWatermark() throws Exception {
    try (TestingQuality quality = TestingQuality.open(rules)) {
      quality.send(shop.write("users", 1, USER), shop.write("users", 2, USER));
      quality.watermark(START - 1);
      assertEquals(List.of(), quality.take());
      quality.watermark(START);
      assertEquals(List.of("duplicate_email: 2 \"a@b.de\" is in 2 rows @1000000"), quality.take());
    }
  }

  /** Event time stands still while a snapshot is read: nothing may pile up. */
  @Test
  void whatASnapshotReadsIsNotHeld() throws Exception {
    try (TestingQuality quality = TestingQuality.open(rules)) {
      quality.send(shop.read("users", 7, USER), shop.read("users", 8, USER));
      assertEquals(List.of("duplicate_email: 8 \"a@b.de\" is in 2 rows @1000000"), quality.take());
      int known = quality.entries();
      quality.send(shop.read("orders", 1, OF_7), shop.read("orders", 2, OF_7));
      assertEquals(known + 1, quality.entries(), "two rows of one subject");
      assertEquals(0, quality.timers());
      quality.send(shop.write("users", 8, "\"email\":\"b\""), shop.read("users", 8, USER));
      assertEquals(List.of(), quality.take(), "behind a change of the same row that is held");
    }
  }

  @Test
  void whatIsLateCountsAllTheSame() throws Exception {
    try (TestingQuality quality = TestingQuality.open(rules)) {
      Change user = shop.write("users", 7, USER);
      quality.send(shop.write("orders", 1, OF_7));
      quality.watermark(START + 2 * GRACE);
      assertEquals(List.of(UNKNOWN), quality.take());
      quality.send(user);
      assertEquals(List.of("unknown_user: 1 7 is in users now, cleared @1000000"), quality.take());
      quality.send(shop.write("orders", 2, "\"user_id\":8"));
      assertEquals(List.of(), quality.take());
      quality.watermark(START + 2 * GRACE + 1);
      assertEquals(List.of("unknown_user: 2 8 is not in users @1000000"), quality.take());
    }
  }

  @Test
  void aClockThatIsSetBackDoesNotMixUpARow() throws Exception {
    Change comes = shop.write("orders", 1, OF_7);
    Change goes = shop.pass(-3_000).delete("orders", 1);
    Change again = shop.pass(-9_000).write("orders", 1, OF_7);
    try (TestingQuality quality = TestingQuality.open(rules)) {
      quality.watermark(START - 5_000);
      quality.send(comes, goes);
      quality.watermark(Long.MAX_VALUE - 1);
      assertEquals(List.of(), quality.take());
      assertEquals(0, quality.entries() + quality.timers());
      quality.send(again);
      quality.watermark(Long.MAX_VALUE);
      assertEquals(List.of("unknown_user: 1 7 is not in users @988000"), quality.take());
    }
  }

  /** At one position of the log, the new row would otherwise come before the old one has gone. */
  @Test
  void aRowWhoseKeyChangesIsNotItsOwnDouble() throws Exception {
    Change comes = shop.write("users", 20, USER);
    Change goes = shop.pass(1).delete("users", 20);
    Change other = shop.write("users", 3, USER);
    Change atOnce = at(other, goes);
    try (TestingQuality quality = TestingQuality.open(rules)) {
      quality.send(comes, atOnce, goes);
      quality.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), quality.take());
    }
  }

  /** At one position of the log, the row leaves what the correction says. */
  @Test
  void aCorrectionComesBeforeWhatItIsFor() throws Exception {
    List<Change> changes = new ArrayList<>();
    changes.add(shop.write("users", 1, "\"email\":\"a\""));
    changes.add(shop.correct("users", 1, "\"email\":\"b\""));
    changes.add(shop.write("users", 1, "\"email\":\"c\""));
    changes.add(shop.write("users", 2, "\"email\":\"b\""));
    changes.add(shop.write("users", 3, "\"email\":\"a\""));
    try (TestingQuality quality = TestingQuality.open(rules)) {
      quality.send(changes.toArray(Change[]::new));
      quality.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), quality.take());
    }
  }

  @Test
  void nothingIsToldTwiceNorLostOverARestart() throws Exception {
    OperatorSubtaskState state;
    try (TestingQuality quality = TestingQuality.open(rules)) {
      quality.send(shop.write("orders", 1, OF_7));
      quality.send(shop.pass(GRACE).write("orders", 2, "\"user_id\":8"));
      quality.watermark(START + GRACE);
      assertEquals(List.of(UNKNOWN), quality.take());
      quality.send(shop.pass(5).write("orders", 3, "\"user_id\":9")); // Held.
      state = quality.snapshot();
    }
    try (TestingQuality quality = TestingQuality.open(rules, null, 1, 0, state)) {
      quality.watermark(START);
      quality.watermark(START + 2 * GRACE);
      assertEquals(List.of("unknown_user: 2 8 is not in users @1010000"), quality.take());
      quality.send(shop.pass(GRACE).write("users", 7, USER), shop.write("users", 9, USER));
      quality.watermark(Long.MAX_VALUE);
      assertEquals(
          List.of(
              "duplicate_email: 9 \"a@b.de\" is in 2 rows @1020005",
              "unknown_user: 1 7 is in users now, cleared @1020005"),
          quality.take().stream().sorted().toList());
    }
  }

  @Test
  void stateMovesToOtherSubtasks() throws Exception {
    OperatorSubtaskState state;
    try (TestingQuality quality = TestingQuality.open(rules)) {
      for (int order = 0; order < 20; order++) {
        quality.send(shop.write("orders", order, "\"user_id\":" + (100 + order)));
      }
      quality.watermark(START);
      state = quality.snapshot();
    }
    List<String> alerts = new ArrayList<>();
    for (int subtask = 0; subtask < 3; subtask++) {
      try (TestingQuality quality = TestingQuality.open(rules, null, 3, subtask, state)) {
        quality.watermark(Long.MAX_VALUE);
        List<String> part = quality.take();
        assertTrue(part.size() < 20);
        alerts.addAll(part);
      }
    }
    assertEquals(20, alerts.stream().distinct().count());
    assertEquals(20, alerts.size());
  }

  @Test
  void nothingIsLeftOfWhatIsGone() throws Exception {
    try (TestingQuality quality = TestingQuality.open(rules)) {
      quality.send(shop.write("users", 7, USER), shop.write("products", 1, "\"price\":1.00"));
      quality.send(shop.write("orders", 1, BOUGHT));
      quality.watermark(START);
      assertEquals(List.of("amount_mismatch: 1 10.00 2 x 1.00 is 2.00 @1000000"), quality.take());
      quality.send(shop.delete("orders", 1), shop.delete("products", 1), shop.delete("users", 7));
      quality.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), quality.take());
      assertEquals(0, quality.entries() + quality.timers());
    }
  }

  @Test
  void aRuleThatIsTakenOutIsSilent() throws Exception {
    OperatorSubtaskState state;
    try (TestingQuality quality = TestingQuality.open(rules)) {
      quality.send(shop.write("orders", 1, BOUGHT));
      quality.watermark(START);
      quality.send(shop.pass(9).write("orders", 2, BOUGHT)); // Held.
      state = quality.snapshot();
    }
    List<Rule> fewer = rules.stream().filter(rule -> !rule.name().equals("unknown_user")).toList();
    try (TestingQuality quality = TestingQuality.open(fewer, null, 1, 0, state)) {
      quality.watermark(Long.MAX_VALUE);
      assertEquals(List.of("unknown_product"), names(quality.take()));
      state = quality.snapshot();
    }
    OperatorSubtaskState after = state;
    assertRefused("unknown_user", () -> TestingQuality.open(rules, null, 1, 0, after));
  }

  @Test
  void aRuleThatIsNewOrAnotherOneIsRefused() throws Exception {
    OperatorSubtaskState state;
    try (TestingQuality quality = TestingQuality.open(List.of(reference("user_id")))) {
      state = quality.snapshot();
    }
    OperatorSubtaskState saved = state;
    assertRefused("r", () -> TestingQuality.open(List.of(reference("buyer")), null, 1, 0, saved));
    Rule unique = TestingRules.named("duplicate_email");
    assertRefused(
        "duplicate_email",
        () -> TestingQuality.open(List.of(reference("user_id"), unique), null, 1, 0, saved));
    Rule schema = TestingRules.named("schema_drift");
    TestingQuality.open(List.of(reference("user_id"), schema), null, 1, 0, saved).close();
  }

  @Test
  void aJobThatHadNoRulesIsRefused() throws Exception {
    assertRefused("duplicate_email", () -> TestingQuality.resume(rules));
    TestingQuality.resume(List.of(TestingRules.named("schema_drift"))).close();
  }

  private static Rule reference(String field) {
    return TestingRules.of("table: orders", "field: " + field, "check: reference", "to: users");
  }

  private interface Opening {
    TestingQuality open() throws Exception;
  }

  private static void assertRefused(String rule, Opening opening) {
    Throwable thrown = assertThrows(SuppressRestartsException.class, opening::open);
    UserError error = (UserError) thrown.getCause();
    assertEquals(
        "data-quality-alerts: the rule "
            + rule
            + " was not there, or another one, when the savepoint was taken:"
            + " it does not know the rows of before",
        error.getMessage());
  }

  private static Change at(Change change, Change place) {
    return new Change(
        change.table(),
        change.op(),
        change.cause(),
        change.mark(),
        change.key(),
        change.before(),
        change.after(),
        place.lsn(),
        place.txId(),
        place.time());
  }

  private static List<String> names(List<String> alerts) {
    return alerts.stream().map(alert -> alert.split(":")[0]).distinct().toList();
  }
}
