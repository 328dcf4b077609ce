package io.flinkblocks.cdc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.cdc.TestingDatabase.Step;
import io.flinkblocks.cdc.TestingDatabase.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Whatever happens between database and connector, the rows are those of the database. */
class RowsModelTest {
  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<What> what =
        Arbitraries.frequency(
            Tuple.of(40, What.CHANGE),
            Tuple.of(5, What.MOVE),
            Tuple.of(2, What.TRUNCATE),
            Tuple.of(5, What.REPEAT),
            Tuple.of(1, What.LOSE),
            Tuple.of(1, What.SNAPSHOT),
            Tuple.of(2, What.BROKEN_SNAPSHOT),
            Tuple.of(2, What.SNAPSHOT_DURING_CHANGE),
            Tuple.of(2, What.SNAPSHOT_AND_CHANGE),
            Tuple.of(1, What.MOVE_SERVER));
    Arbitrary<Integer> number = Arbitraries.integers().between(0, 1000);
    return Combinators.combine(what, number, number, number).as(Step::new).list().ofMaxSize(80);
  }

  @Property(tries = 100)
  void rowsAndTrailAreThoseOfTheDatabase(
      @ForAll("histories") List<Step> steps,
      @ForAll boolean tellsBefore,
      @ForAll boolean startsWithOne,
      @ForAll @IntRange(max = 100) int percent)
      throws Exception {
    TestingDatabase database = TestingDatabase.after(steps, tellsBefore);
    List<Change> changes = rescaled(database.delivered(), startsWithOne ? 1 : 4, percent);

    assertEquals(database.rows(), applied(changes));
    assertEquals(trail(database.trail(), tellsBefore), trail(changes, tellsBefore));
  }

  /** The changes that come out when parallelism changes between 1 and 4 somewhere. */
  private static List<Change> rescaled(List<Change> delivered, int parallelism, int percent)
      throws Exception {
    int cut = delivered.size() * percent / 100;
    List<Change> changes = new ArrayList<>();
    TestingRows.Savepoint savepoint;
    long used;
    try (TestingRows rows = TestingRows.open(parallelism)) {
      rows.send(delivered.subList(0, cut));
      changes.addAll(rows.take());
      savepoint = rows.savepoint();
    }
    try (TestingRows rows = TestingRows.restore(5 - parallelism, savepoint)) {
      rows.send(delivered.subList(cut, delivered.size()));
      changes.addAll(rows.take());
      used = rows.audit("used");
      assertEquals(delivered.size(), rows.source("valid"));
      assertEquals(delivered.size(), used + rows.audit("not-relevant"));
    }
    assertEquals(changes.stream().filter(Audit::matches).count(), used);
    return changes;
  }

  /** The rows that the changes lead to, each of which must fit to those before it. */
  private static Map<String, Row> applied(List<Change> changes) {
    Map<String, Row> rows = new TreeMap<>();
    for (Change change : changes) {
      if (change.op() == Op.TRUNCATE) {
        continue;
      }
      String digits = new RowKey("", change.key()).toString().replaceAll("[^0-9]", "");
      String key = change.table() + ":" + digits;
      assertEquals(rows.get(key), change.before(), change::toString);
      if (change.after() == null) {
        rows.remove(key);
      } else {
        rows.put(key, change.after());
      }
    }
    return rows;
  }

  private static List<String> trail(List<Change> changes, boolean tellsBefore) {
    return changes.stream()
        .filter(Audit::matches)
        .map(
            change -> {
              boolean hasBefore = change.op() == Op.UPDATE || change.op() == Op.DELETE;
              String before = hasBefore && tellsBefore ? change.before() + " " : "";
              return change.cause()
                  + " "
                  + change.op()
                  + " "
                  + change.table()
                  + " "
                  + before
                  + change.after()
                  + " "
                  + change.lsn();
            })
        .sorted()
        .toList();
  }
}
