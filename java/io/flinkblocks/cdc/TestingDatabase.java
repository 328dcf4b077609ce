package io.flinkblocks.cdc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A database of small tables, the connector that listens to it, and what can go wrong between them:
 * a model that knows nothing of operators.
 *
 * <p>What it does not do: a snapshot that finds a table empty of which rows are known. Nothing is
 * written to the table's topic then, so nobody can know.
 */
final class TestingDatabase {
  static final List<String> TABLES = List.of("users", "orders");

  private final Map<String, TreeMap<Integer, Row>> tables = new HashMap<>();
  private final List<Change> delivered = new ArrayList<>();
  private final List<Change> trail = new ArrayList<>();
  // What a connector that restarts may deliver once more.
  private final List<Change> repeatable = new ArrayList<>();
  private final boolean tellsBefore;
  // A server's lsns; a new server's are smaller, and none comes again.
  private long lsn = 1_000_000;
  private long server = lsn;
  private int version;
  private boolean isHeard = true;

  /** What happens next. Numbers are taken modulo what there is. */
  record Step(What what, int table, int row, int other) {}

  /** Kinds of steps. */
  enum What {
    /** A row is inserted, updated or, now and then, deleted. */
    CHANGE,
    /** A row gets another key. */
    MOVE,
    /** A table loses all rows. */
    TRUNCATE,
    /** The connector delivers its last changes once more. */
    REPEAT,
    /** The connector is lost with its place in the log: nobody hears what follows. */
    LOSE,
    /** A snapshot that ends, after which changes are heard again. */
    SNAPSHOT,
    /** A snapshot that breaks off somewhere. */
    BROKEN_SNAPSHOT,
    /** A snapshot, and a transaction that began before it and ends after it. */
    SNAPSHOT_DURING_CHANGE,
    /** A snapshot, and a change that is both in it and in the log behind it. */
    SNAPSHOT_AND_CHANGE,
    /** A copy of the database on another server, whose lsns start anew, and a snapshot of that. */
    MOVE_SERVER
  }

  /**
   * @param tellsBefore whether the log tells how a row was
   */
  TestingDatabase(boolean tellsBefore) {
    this.tellsBefore = tellsBefore;
    TABLES.forEach(table -> tables.put(table, new TreeMap<>()));
  }

  /** Takes the steps, and hears of all that happened in the end. */
  static TestingDatabase after(List<Step> steps, boolean tellsBefore) {
    TestingDatabase database = new TestingDatabase(tellsBefore);
    steps.forEach(database::take);
    if (!database.isHeard) {
      database.snapshot();
    }
    return database;
  }

  /** What the connector delivered. */
  List<Change> delivered() {
    return delivered;
  }

  /** What has to be in the trail: everything that it delivered, once. */
  List<Change> trail() {
    return trail;
  }

  /** The rows, by table and key. */
  Map<String, Row> rows() {
    Map<String, Row> rows = new TreeMap<>();
    tables.forEach((table, all) -> all.forEach((id, row) -> rows.put(table + ":" + id, row)));
    return rows;
  }

  private void take(Step step) {
    String table = TABLES.get(step.table() % TABLES.size());
    int id = 1 + step.row() % 12;
    switch (step.what()) {
      case CHANGE -> log(change(table, id, step.other() % 4 == 0, ++lsn));
      case MOVE -> move(table, id, 1 + step.other() % 12);
      case TRUNCATE -> truncate(table);
      case REPEAT -> repeat(1 + step.other() % 10);
      case LOSE -> isHeard = false;
      case SNAPSHOT -> snapshot();
      case BROKEN_SNAPSHOT -> breakOff(step.other());
      case SNAPSHOT_DURING_CHANGE -> {
        long began = ++lsn;
        snapshot();
        log(change(table, id, step.other() % 4 == 0, began));
      }
      case SNAPSHOT_AND_CHANGE -> {
        Change change = change(table, id, step.other() % 4 == 0, ++lsn);
        snapshot();
        log(change);
      }
      case MOVE_SERVER -> {
        server -= 10_000;
        lsn = server;
        snapshot();
      }
    }
  }

  /** Changes a row, and tells what the log says of that. */
  private Change change(String table, int id, boolean deletes, long at) {
    TreeMap<Integer, Row> rows = tables.get(table);
    Row before = rows.get(id);
    Row told = tellsBefore ? before : null;
    if (before != null && deletes) {
      rows.remove(id);
      return TestingChanges.delete(table, id, told, at);
    }
    Row after = TestingChanges.row(id, "v" + ++version);
    rows.put(id, after);
    return before == null
        ? TestingChanges.create(table, id, after, at)
        : TestingChanges.update(table, id, told, after, at);
  }

  private void move(String table, int from, int to) {
    TreeMap<Integer, Row> rows = tables.get(table);
    if (!rows.containsKey(from) || rows.containsKey(to)) {
      return;
    }
    // Both parts of it have one lsn.
    lsn++;
    log(change(table, from, true, lsn));
    log(change(table, to, false, lsn));
  }

  private void truncate(String table) {
    tables.get(table).clear();
    log(TestingChanges.truncate(table, ++lsn));
  }

  private void log(Change change) {
    if (isHeard) {
      delivered.add(change);
      trail.add(change);
      repeatable.add(change);
    }
  }

  private void repeat(int count) {
    if (isHeard) {
      int size = repeatable.size();
      delivered.addAll(repeatable.subList(Math.max(0, size - count), size));
    }
  }

  private void snapshot() {
    long at = ++lsn;
    repeatable.clear();
    isHeard = true;
    for (String table : TABLES) {
      if (tables.get(table).isEmpty()) {
        change(table, 99, false, at);
      }
      reads(table, at).forEach(this::read);
    }
  }

  private void breakOff(int after) {
    long at = ++lsn;
    repeatable.clear();
    isHeard = false;
    String table = TABLES.get(after % TABLES.size());
    List<Change> reads = reads(table, at);
    // All but the last one, at the most.
    reads.subList(0, reads.isEmpty() ? 0 : after % reads.size()).forEach(this::read);
  }

  private void read(Change read) {
    delivered.add(read);
    trail.add(read);
  }

  private List<Change> reads(String table, long at) {
    List<Change> reads = new ArrayList<>();
    TreeMap<Integer, Row> rows = tables.get(table);
    rows.forEach(
        (id, row) -> {
          Mark mark = id.equals(rows.firstKey()) ? Mark.FIRST : Mark.NONE;
          mark = id.equals(rows.lastKey()) ? Mark.LAST : mark;
          reads.add(TestingChanges.read(table, id, row, mark, at));
        });
    return reads;
  }
}
