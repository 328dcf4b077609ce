package io.flinkblocks.cdc;

import static io.flinkblocks.cdc.TestingChanges.row;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import org.junit.jupiter.api.Test;

class AuditTest {
  private static final Row A = row(1, "a");
  private static final Row B = row(1, "b");

  private static String text(Change change) {
    OutputRecord record = Audit.record(change, new JsonWriter());
    assertEquals(Audit.OUTPUT, record.output());
    return new String(record.key(), UTF_8) + " " + new String(record.value(), UTF_8);
  }

  @Test
  void updateNamesWhatChanged() {
    assertEquals(
        "users:{\"id\":1} {\"table\":\"users\",\"key\":{\"id\":1},\"op\":\"u\","
            + "\"before\":{\"id\":1,\"name\":\"a\"},\"after\":{\"id\":1,\"name\":\"b\"},"
            + "\"changed\":[\"name\"],\"tx_id\":7,\"lsn\":\"0/16B3748\",\"time\":1700023803720}",
        text(TestingChanges.update("users", 1, A, B, 0x16B3748)));
  }

  @Test
  void whatThereIsNotIsNull() {
    Change unknown =
        new Change(
            "sales.orders",
            Op.UPDATE,
            Cause.STREAM,
            Mark.NONE,
            TestingChanges.key(1),
            null,
            B,
            0,
            -1,
            5);
    assertEquals(
        "sales.orders:{\"id\":1} {\"table\":\"sales.orders\",\"key\":{\"id\":1},\"op\":\"u\","
            + "\"before\":null,\"after\":{\"id\":1,\"name\":\"b\"},\"changed\":[],"
            + "\"tx_id\":null,\"lsn\":null,\"time\":5}",
        text(unknown));
  }

  @Test
  void truncateHasTheTableForItsKey() {
    assertEquals(
        "users {\"table\":\"users\",\"key\":null,\"op\":\"t\",\"before\":null,\"after\":null,"
            + "\"changed\":[],\"tx_id\":7,\"lsn\":\"0/1\",\"time\":1700000000001}",
        text(TestingChanges.truncate("users", 1)));
  }

  @Test
  void readAndInsertTellOfNoRowBefore() {
    Change read = TestingChanges.read("users", 1, B, Mark.NONE, 1);
    Change again = RowLogic.tell(read, A).get(0);
    assertEquals(A, again.before());
    assertEquals(text(read), text(again));
    assertTrue(text(again).contains("\"before\":null"));
  }

  @Test
  void conclusionsAreLeftOut() {
    Change truncate = TestingChanges.truncate("users", 1);
    RowKey key = new RowKey("users", TestingChanges.key(1));
    assertTrue(Audit.matches(truncate));
    assertTrue(Audit.matches(TestingChanges.read("users", 1, A, Mark.NONE, 1)));
    assertFalse(Audit.matches(RowLogic.gone(truncate, Cause.TRUNCATION, key, A)));
    assertFalse(Audit.matches(RowLogic.gone(truncate, Cause.SNAPSHOT, key, A)));
    assertFalse(
        Audit.matches(RowLogic.tell(TestingChanges.update("users", 1, A, B, 1), null).get(0)));
  }
}
