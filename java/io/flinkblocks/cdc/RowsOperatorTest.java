package io.flinkblocks.cdc;

import static io.flinkblocks.cdc.TestingChanges.create;
import static io.flinkblocks.cdc.TestingChanges.delete;
import static io.flinkblocks.cdc.TestingChanges.read;
import static io.flinkblocks.cdc.TestingChanges.row;
import static io.flinkblocks.cdc.TestingChanges.truncate;
import static io.flinkblocks.cdc.TestingChanges.update;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowsOperatorTest {
  private static final Row A = row(1, "a");
  private static final Row B = row(1, "b");
  private static final Row C = row(1, "c");

  private TestingRows rows;

  @BeforeEach
  void open() throws Exception {
    rows = TestingRows.open(1);
  }

  @AfterEach
  void close() throws Exception {
    rows.close();
  }

  /** What comes out, as cause, operation, and rows before and after. */
  private List<String> told(Change... changes) throws Exception {
    rows.send(List.of(changes));
    return rows.take().stream().map(RowsOperatorTest::text).toList();
  }

  private static String text(Change change) {
    return change.cause()
        + " "
        + change.op().code()
        + " "
        + name(change.before())
        + name(change.after());
  }

  private static String name(Row row) {
    return row == null ? "-" : row.text("name");
  }

  @Test
  void updatesAndDeletesHaveTheRowBefore() throws Exception {
    assertEquals(
        List.of("STREAM c -a", "STREAM u ab", "STREAM u bc", "STREAM d c-"),
        told(
            create("users", 1, A, 1),
            update("users", 1, A, B, 2),
            update("users", 1, null, C, 3),
            delete("users", 1, null, 4)));
  }

  @Test
  void changesThatComeAgainAreLeftOut() throws Exception {
    Change[] changes = {
      create("users", 1, A, 1), update("users", 1, A, B, 2), delete("users", 1, B, 3)
    };
    assertEquals(3, told(changes).size());
    assertEquals(List.of(), told(changes));
    assertEquals(List.of("STREAM c -c"), told(create("users", 1, C, 4)));
    assertEquals(List.of(), told(changes));

    assertEquals(4, rows.audit("used"));
    assertEquals(6, rows.audit("not-relevant"));
  }

  @Test
  void deletedRowIsRememberedForAWhile() throws Exception {
    told(create("users", 1, A, 1), delete("users", 1, A, 2));
    long forgotten = TestingChanges.START + 2 + RowsOperator.REMEMBERED_MS;
    rows.watermark(forgotten - 1);
    assertEquals(1, rows.entries());
    rows.watermark(forgotten);
    assertEquals(0, rows.entries());
  }

  @Test
  void rowThatCameBackAndWentAgainIsRememberedFromThenOn() throws Exception {
    told(create("users", 1, A, 1), delete("users", 1, A, 2));
    told(create("users", 1, B, 1000), delete("users", 1, B, 2000));
    long forgotten = TestingChanges.START + RowsOperator.REMEMBERED_MS;
    rows.watermark(forgotten + 1999);
    assertEquals(1, rows.entries());
    rows.watermark(forgotten + 2000);
    assertEquals(0, rows.entries());
  }

  @Test
  void whatTheLogPresupposesIsToldFirst() throws Exception {
    // The job's first changes are in the middle of the rows' lives.
    assertEquals(List.of("SNAPSHOT c -a", "STREAM u ab"), told(update("users", 1, A, B, 1)));
    assertEquals(List.of("SNAPSHOT c -x", "STREAM d x-"), told(delete("users", 2, row(2, "x"), 1)));
    assertEquals(List.of("STREAM u -y"), told(update("users", 3, null, row(3, "y"), 1)));
    assertEquals(List.of("STREAM d --"), told(delete("users", 4, null, 1)));
  }

  @Test
  void changeThatASnapshotHasAlreadyIsToldAsTheLogTellsIt() throws Exception {
    assertEquals(
        List.of("SNAPSHOT r -b", "SNAPSHOT u ba", "STREAM u ab"),
        told(read("users", 1, B, Mark.LAST, 10), update("users", 1, A, B, 9)));
    assertEquals(
        List.of("SNAPSHOT r -x", "SNAPSHOT d x-", "STREAM c -x"),
        told(read("users", 2, row(2, "x"), Mark.NONE, 10), create("users", 2, row(2, "x"), 9)));
  }

  @Test
  void smallerLsnThanTheSnapshotsIsNoDuplicate() throws Exception {
    assertEquals(
        List.of("SNAPSHOT r -a", "STREAM u ab"),
        told(read("users", 1, A, Mark.LAST, 10), update("users", 1, A, B, 9)));
    // That of the last change is one still, over a snapshot in between.
    assertEquals(
        List.of("SNAPSHOT r bb"),
        told(read("users", 1, B, Mark.LAST, 20), update("users", 1, A, B, 9)));
  }

  @Test
  void snapshotOfADatabaseWithSmallerLsnsStartsAnew() throws Exception {
    told(
        create("users", 1, A, 1000),
        create("users", 2, row(2, "x"), 1001),
        delete("users", 2, row(2, "x"), 1002),
        truncate("users", 1003),
        create("users", 1, A, 1004));
    told(read("users", 1, B, Mark.LAST, 10));
    assertEquals(
        List.of("STREAM u bc", "STREAM c -y"),
        told(update("users", 1, B, C, 11), create("users", 2, row(2, "y"), 12)));
  }

  @Test
  void snapshotTakesAwayWhatItDoesNotFind() throws Exception {
    told(
        create("users", 1, A, 1),
        create("users", 2, row(2, "x"), 2),
        create("users", 10, row(10, "z"), 3),
        create("users", 9, row(9, "y"), 4),
        create("orders", 2, row(2, "o"), 5));
    assertEquals(
        List.of(
            "SNAPSHOT r ab", "SNAPSHOT r -w", "SNAPSHOT d x-", "SNAPSHOT d y-", "SNAPSHOT d z-"),
        told(read("users", 1, B, Mark.FIRST, 10), read("users", 3, row(3, "w"), Mark.LAST, 10)));
    assertEquals(List.of("STREAM d o-"), told(delete("orders", 2, null, 11)));
  }

  @Test
  void snapshotThatBeginsAgainTakesAwayWhatOnlyTheFirstFound() throws Exception {
    assertEquals(
        List.of("SNAPSHOT r -a", "SNAPSHOT r -x"),
        told(read("users", 1, A, Mark.FIRST, 10), read("users", 2, row(2, "x"), Mark.NONE, 10)));
    assertEquals(
        List.of("SNAPSHOT r aa", "SNAPSHOT r -w", "SNAPSHOT d x-"),
        told(read("users", 1, A, Mark.FIRST, 20), read("users", 3, row(3, "w"), Mark.LAST, 20)));
  }

  @Test
  void rowThatChangedSinceItWasReadStays() throws Exception {
    told(read("users", 1, A, Mark.FIRST, 10), update("users", 1, A, B, 11));
    assertEquals(List.of("SNAPSHOT r -x"), told(read("users", 2, row(2, "x"), Mark.LAST, 10)));
  }

  @Test
  void readThatComesAgainIsLeftOutUnlessItsLsnIsNotKnown() throws Exception {
    Change read = read("users", 1, A, Mark.NONE, 10);
    assertEquals(List.of("SNAPSHOT r -a"), told(read, read));
    Change unknown = read("users", 2, A, Mark.NONE, 0);
    assertEquals(List.of("SNAPSHOT r -a", "SNAPSHOT r aa"), told(unknown, unknown));
  }

  @Test
  void truncateTakesAwayTheRowsOfItsTable() throws Exception {
    told(
        create("users", 10, row(10, "z"), 1),
        create("users", 9, row(9, "y"), 2),
        create("orders", 1, row(1, "o"), 3));
    Change truncate = truncate("users", 4);
    assertEquals(
        List.of("TRUNCATION d y-", "TRUNCATION d z-", "STREAM t --"), told(truncate, truncate));
    assertEquals(List.of("STREAM c -a"), told(create("users", 1, A, 5), truncate));
    assertEquals(5, rows.audit("used"));
    assertEquals(2, rows.audit("not-relevant"));
    assertEquals(2, rows.entries());
  }

  @Test
  void changesBeforeATruncateThatComeAgainBringNothingBack() throws Exception {
    Change[] changes = {
      create("users", 1, A, 1), update("users", 1, A, B, 2), truncate("users", 3)
    };
    assertEquals(4, told(changes).size());
    assertEquals(List.of(), told(changes));
  }

  @Test
  void truncatesReachAllSubtasksAndAreToldOnce() throws Exception {
    rows.close();
    rows = TestingRows.open(4);
    List<Change> creates =
        IntStream.range(0, 50).mapToObj(i -> create("users", i, row(i, "n"), 1 + i)).toList();
    rows.send(creates);
    rows.take();
    TestingRows.Savepoint savepoint = rows.savepoint();
    for (int parallelism : new int[] {4, 3, 1, 8}) {
      try (TestingRows restored = TestingRows.restore(parallelism, savepoint)) {
        restored.send(truncate("users", 100));
        List<String> told = restored.take().stream().map(RowsOperatorTest::text).sorted().toList();
        assertEquals("STREAM t --", told.get(0));
        assertEquals(51, told.size());
        assertEquals("TRUNCATION d n-", told.get(50));
        assertEquals(51, restored.audit("used"));

        // All of them know when it was.
        restored.send(creates);
        assertEquals(List.of(), restored.take());
      }
    }
  }

  @Test
  void whenATableWasTruncatedIsKnownToNewSubtasksToo() throws Exception {
    List<Change> creates =
        IntStream.range(0, 50).mapToObj(i -> create("users", i, row(i, "n"), 1 + i)).toList();
    rows.send(creates);
    rows.send(truncate("users", 100));
    try (TestingRows restored = TestingRows.restore(4, rows.savepoint())) {
      restored.send(creates);
      restored.send(truncate("users", 100));
      assertEquals(List.of(), restored.take());
    }
  }

  @Test
  void withoutLsnsNothingIsADuplicate() throws Exception {
    assertEquals(
        List.of("STREAM c -a", "STREAM u aa", "TRUNCATION d a-", "STREAM t --", "STREAM t --"),
        told(
            create("users", 1, A, 0),
            update("users", 1, A, A, 0),
            truncate("users", 0),
            truncate("users", 0)));
    told(create("users", 1, A, 0), delete("users", 1, A, 0));
    assertEquals(0, rows.entries());
  }

  @Test
  void columnThatWasAddedIsNotTakenForAChangeOfIt() throws Exception {
    told(create("users", 1, A, 1));
    Row wider = Row.of("{\"id\":1,\"name\":\"a\",\"x\":null}".getBytes());
    Row after = Row.of("{\"id\":1,\"name\":\"b\",\"x\":null}".getBytes());
    rows.send(update("users", 1, wider, after, 2));
    List<Change> changes = rows.take();
    assertEquals(wider, changes.get(0).after());
    assertEquals(List.of("name"), changes.get(1).before().changed(after));
  }

  @Test
  void partOfARowBeforeIsNotTrusted() throws Exception {
    told(create("users", 1, A, 1), create("users", 2, row(2, "x"), 2));
    Row part = Row.of("{\"id\":1}".getBytes());
    assertEquals(List.of("STREAM u ab"), told(update("users", 1, part, B, 3)));
    assertEquals(List.of("STREAM d x-"), told(delete("users", 2, row(2, ""), 4)));
  }

  @Test
  void rocksDbKeepsRowsToo() throws Exception {
    rows.close();
    rows = TestingRows.open(1, new EmbeddedRocksDBStateBackend());
    told(create("users", 1, A, 1), create("users", 2, row(2, "x"), 2));
    assertEquals(
        List.of("SNAPSHOT r aa", "SNAPSHOT d x-"), told(read("users", 1, A, Mark.LAST, 10)));
    assertEquals(List.of("TRUNCATION d a-", "STREAM t --"), told(truncate("users", 11)));
  }
}
