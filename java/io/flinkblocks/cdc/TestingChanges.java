package io.flinkblocks.cdc;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Changes of small tables as a test wants them, and their envelopes. */
final class TestingChanges {
  /** When changes happen: this + lsn, in ms since the epoch. */
  static final long START = 1_700_000_000_000L;

  /** A row with two columns. */
  static Row row(int id, String name) {
    return Row.of("{\"id\":%d,\"name\":\"%s\"}".formatted(id, name).getBytes(UTF_8));
  }

  static byte[] key(int id) {
    return "{\"id\":%d}".formatted(id).getBytes(UTF_8);
  }

  static Change create(String table, int id, Row after, long lsn) {
    return streamed(table, Op.CREATE, id, null, after, lsn);
  }

  static Change update(String table, int id, Row before, Row after, long lsn) {
    return streamed(table, Op.UPDATE, id, before, after, lsn);
  }

  static Change delete(String table, int id, Row before, long lsn) {
    return streamed(table, Op.DELETE, id, before, null, lsn);
  }

  static Change truncate(String table, long lsn) {
    return new Change(
        table, Op.TRUNCATE, Cause.STREAM, Mark.NONE, null, null, null, lsn, 7, START + lsn);
  }

  static Change read(String table, int id, Row row, Mark mark, long lsn) {
    return new Change(
        table, Op.READ, Cause.SNAPSHOT, mark, key(id), null, row, lsn, 7, START + lsn);
  }

  private static Change streamed(String table, Op op, int id, Row before, Row after, long lsn) {
    return new Change(
        table, op, Cause.STREAM, Mark.NONE, key(id), before, after, lsn, 7, START + lsn);
  }

  /** What Debezium writes for a change, as one line. */
  static String envelope(Change change) {
    String snapshot =
        change.cause() == Cause.STREAM
            ? "false"
            : switch (change.mark()) {
              case NONE -> "true";
              case FIRST -> "first_in_data_collection";
              case LAST -> "last_in_data_collection";
            };
    return ("{\"before\":%s,\"after\":%s,\"source\":{\"connector\":\"postgresql\",\"ts_ms\":%d,"
            + "\"snapshot\":\"%s\",\"db\":\"shop\",\"schema\":\"public\",\"table\":\"%s\","
            + "\"txId\":%d,\"lsn\":%d,\"xmin\":null},\"transaction\":null,\"op\":\"%s\","
            + "\"ts_ms\":%d}")
        .formatted(
            change.before(),
            change.after(),
            change.time(),
            snapshot,
            change.table(),
            change.txId(),
            change.lsn(),
            change.op().code(),
            change.time() + 5);
  }

  private TestingChanges() {}
}
