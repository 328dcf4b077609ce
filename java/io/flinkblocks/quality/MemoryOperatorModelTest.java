package io.flinkblocks.quality;

import static io.flinkblocks.quality.TestingChecks.GRACE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.cdc.Change;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/**
 * Whatever happens in a database, and however its changes are interleaved, over restarts: the
 * alerts are those that pictures of the whole database tell.
 */
class MemoryOperatorModelTest {
  private static final int IDS = 4;
  private static final int LANES = 3;

  /** One statement, so long after the one before; fields of null delete, an id of -1 truncates. */
  record Statement(long pass, String table, int id, String fields) {}

  @Property(tries = 150)
  void alertsAreThoseOfTheWholePicture(
      @ForAll("statements") List<Statement> statements, @ForAll long interleaving)
      throws Exception {
    check(statements, new Random(interleaving), new HashMapStateBackend());
  }

  @Property(tries = 8)
  void alertsAreThoseOfTheWholePictureOnRocksDb(
      @ForAll("statements") List<Statement> statements, @ForAll long interleaving)
      throws Exception {
    check(statements, new Random(interleaving), new EmbeddedRocksDBStateBackend());
  }

  @Provide
  Arbitrary<List<Statement>> statements() {
    Arbitrary<Long> pass =
        Arbitraries.of(0L, 0L, 0L, 1L, 3_000L, GRACE - 1, GRACE, GRACE + 1, 3 * GRACE);
    Arbitrary<Integer> id = Arbitraries.integers().between(0, IDS - 1);
    return Arbitraries.frequencyOf(
            Tuple.of(4, statement(pass, "users", id, users())),
            Tuple.of(4, statement(pass, "products", id, products())),
            Tuple.of(8, statement(pass, "orders", id, orders())),
            Tuple.of(
                1,
                Combinators.combine(pass, Arbitraries.of("users", "products", "orders"))
                    .as((after, table) -> new Statement(after, table, -1, null))))
        .list()
        .ofMaxSize(50);
  }

  private static Arbitrary<Statement> statement(
      Arbitrary<Long> pass, String table, Arbitrary<Integer> id, Arbitrary<String> fields) {
    return Combinators.combine(pass, id, fields.injectNull(0.25))
        .as((after, row, values) -> new Statement(after, table, row, values));
  }

  private static Arbitrary<String> users() {
    return Arbitraries.of("a", "A", "b", "x'; DROP TABLE users;--")
        .map("\"email\":\"%s\""::formatted);
  }

  private static Arbitrary<String> products() {
    return Arbitraries.of("1.00", "2.00").map("\"price\":%s"::formatted);
  }

  private static Arbitrary<String> orders() {
    return Combinators.combine(
            Arbitraries.integers().between(0, IDS),
            Arbitraries.integers().between(0, IDS),
            Arbitraries.integers().between(1, 2),
            Arbitraries.of("1.00", "2.00", "2.01", "4.02"))
        .as("\"user_id\":%d,\"product_id\":%d,\"quantity\":%d,\"amount\":%s"::formatted);
  }

  private static void check(List<Statement> statements, Random random, StateBackend backend)
      throws Exception {
    List<Change> history = history(statements);
    List<Rule> rules =
        TestingRules.ofMemory().stream().filter(rule -> rule.check() != Check.SCHEMA).toList();
    List<Deque<Change>> lanes = lanes(history);
    List<String> alerts = new ArrayList<>();
    TestingQuality quality = TestingQuality.open(rules, backend);
    try {
      while (lanes.stream().anyMatch(lane -> !lane.isEmpty())) {
        Deque<Change> lane = lanes.get(random.nextInt(LANES));
        if (!lane.isEmpty()) {
          quality.send(lane.poll());
        }
        if (random.nextInt(3) == 0) {
          // As far as it may be; it may also lag behind.
          quality.watermark(next(lanes) - 1 - (random.nextBoolean() ? 0 : random.nextInt(5_000)));
        }
        if (random.nextInt(12) == 0) {
          alerts.addAll(quality.take());
          OperatorSubtaskState state = quality.snapshot();
          quality.close();
          quality = TestingQuality.open(rules, backend, 1, 0, state);
        }
      }
      quality.watermark(Long.MAX_VALUE);
      alerts.addAll(quality.take());
      assertEquals(0, quality.timers());
    } finally {
      quality.close();
    }
    Collections.sort(alerts);
    assertEquals(TestingModel.alerts(history), alerts);
  }

  private static List<Change> history(List<Statement> statements) {
    TestingShop shop = new TestingShop();
    List<Change> history = new ArrayList<>();
    for (Statement statement : statements) {
      shop.pass(statement.pass());
      if (statement.id() < 0) {
        history.addAll(shop.truncate(statement.table(), IDS));
      } else if (statement.fields() != null) {
        history.add(shop.write(statement.table(), statement.id(), statement.fields()));
      } else if (shop.has(statement.table(), statement.id())) {
        history.add(shop.delete(statement.table(), statement.id()));
      }
    }
    return history;
  }

  /** A row's changes stay in their order, others do not. */
  private static List<Deque<Change>> lanes(List<Change> history) {
    List<Deque<Change>> lanes = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      lanes.add(new ArrayDeque<>());
    }
    for (Change change : history) {
      int row = change.table().length() + change.key()[change.key().length - 2];
      lanes.get(row % LANES).add(change);
    }
    return lanes;
  }

  /** When the earliest of the changes is that are still to come. */
  private static long next(List<Deque<Change>> lanes) {
    return lanes.stream()
        .filter(lane -> !lane.isEmpty())
        .mapToLong(lane -> lane.peek().time())
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
