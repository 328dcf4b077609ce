package io.flinkblocks.cdc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.DeadLetter.Reason;
import io.flinkblocks.output.OutputRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeIntakeOperatorTest {
  private static final Change CREATE =
      TestingChanges.create("users", 1, TestingChanges.row(1, "a"), 1);
  private static final byte[] BROKEN = {'{', (byte) 0xff};
  private static final Refused REFUSED =
      new Refused(new DeadLetter(BROKEN, Reason.NOT_JSON, null, null));

  @Test
  void recordsAreSortedAndCounted() throws Exception {
    try (TestingRows rows = TestingRows.open(1)) {
      rows.send(
          List.of(
              CREATE,
              new Skipped(Skipped.TOMBSTONE),
              new Skipped(Skipped.TRANSACTION),
              new Skipped(Skipped.TRANSACTION),
              new Skipped(Skipped.MESSAGE),
              REFUSED));

      assertEquals(List.of(CREATE), rows.take());
      OutputRecord letter = rows.deadLetters().get(0);
      assertEquals(OutputRecord.DEAD_LETTER, letter.output());
      assertArrayEquals(BROKEN, letter.value());
      assertEquals("not_json", new String(letter.headers().get(2).value(), UTF_8));
      assertEquals(6, rows.source("read"));
      assertEquals(5, rows.source("valid"));
      assertEquals(1, rows.source("dead-lettered"));
      assertEquals(1, rows.source("dead-lettered.not_json"));
      assertEquals(1, rows.source("skipped.tombstone"));
      assertEquals(2, rows.source("skipped.transaction"));
      assertEquals(1, rows.source("skipped.message"));
      assertEquals(1, rows.audit("used"));
      assertEquals(4, rows.audit("not-relevant"));
    }
  }

  @Test
  void copiesForTheRowsOfATableAreNotCounted() throws Exception {
    try (TestingRows rows = TestingRows.open(4)) {
      rows.send(TestingChanges.read("users", 1, CREATE.after(), Mark.LAST, 5));
      rows.send(TestingChanges.truncate("users", 6));

      assertEquals(3, rows.take().size());
      assertEquals(2, rows.source("read"));
      assertEquals(2, rows.source("valid"));
      assertEquals(2, rows.audit("used"));
      assertEquals(0, rows.audit("not-relevant"));
    }
  }

  @Test
  void countsGoOnAfterARestartWithAnotherParallelism() throws Exception {
    TestingRows.Savepoint savepoint;
    try (TestingRows rows = TestingRows.open(2)) {
      rows.send(List.of(CREATE, CREATE, new Skipped(Skipped.TOMBSTONE), REFUSED));
      savepoint = rows.savepoint();
    }
    try (TestingRows rows = TestingRows.restore(3, savepoint)) {
      rows.send(List.of(CREATE, new Skipped(Skipped.TOMBSTONE)));

      assertEquals(6, rows.source("read"));
      assertEquals(5, rows.source("valid"));
      assertEquals(2, rows.source("skipped.tombstone"));
      assertEquals(1, rows.audit("used"));
      assertEquals(4, rows.audit("not-relevant"));
    }
  }
}
