package io.flinkblocks.quality;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkblocks.cdc.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A rule with memory, run on changes that come in the order of event time. */
final class TestingChecks {
  /** How long a row may wait, in ms. */
  static final long GRACE = 10_000;

  private final Parts parts;
  private final KeyedCheck check;
  private final Map<String, TestingMemory> memories = new TreeMap<>();
  private final List<String> alerts = new ArrayList<>();

  TestingChecks(Rule rule) {
    parts = new Parts(List.of(rule));
    check = KeyedCheck.of(rule, GRACE);
  }

  /** Takes changes; the alerts until then and of them. */
  List<String> take(Change... changes) throws Exception {
    for (Change change : changes) {
      lookUpTo(change.time() - 1);
      List<Part> split = new ArrayList<>();
      parts.split(change, split::add);
      for (Part part : split) {
        TestingMemory memory = memories.computeIfAbsent(part.key(), key -> new TestingMemory());
        check.take(part, memory, alert -> alerts.add(text(alert)));
      }
    }
    return taken();
  }

  /** The same with a list. */
  List<String> take(List<Change> changes) throws Exception {
    return take(changes.toArray(Change[]::new));
  }

  /** The alerts until event time is so far. */
  List<String> until(long time) throws Exception {
    lookUpTo(time);
    return taken();
  }

  /** Whether nothing is remembered of anything. */
  boolean isEmpty() {
    return memories.values().stream().allMatch(m -> m.head == null && m.rows.isEmpty());
  }

  private void lookUpTo(long time) throws Exception {
    for (TestingMemory memory : memories.values()) {
      while (!memory.looks.isEmpty() && memory.looks.firstKey() <= time) {
        var due = memory.looks.pollFirstEntry();
        for (String row : due.getValue()) {
          check.look(row, due.getKey(), memory, alert -> alerts.add(text(alert)));
        }
      }
    }
  }

  private List<String> taken() {
    List<String> taken = List.copyOf(alerts);
    alerts.clear();
    return taken;
  }

  /** Row or column, value, detail, whether it is cleared, and time. */
  static String text(Alert alert) {
    return "%s %s %s%s @%d"
        .formatted(
            alert.row() == null ? alert.field() : alert.row().replaceAll("[^-0-9]", ""),
            alert.value() == null ? "null" : new String(alert.value(), UTF_8),
            alert.detail(),
            alert.cleared() ? ", cleared" : "",
            alert.time());
  }

  /** A memory in maps. */
  private static final class TestingMemory implements Memory {
    private final Map<String, Entry> rows = new HashMap<>();
    private final TreeMap<Long, TreeSet<String>> looks = new TreeMap<>();
    private Head head;

    @Override
    public Head head() {
      return head;
    }

    @Override
    public void setHead(Head newHead) {
      head = newHead;
    }

    @Override
    public Entry row(String row) {
      return rows.get(row);
    }

    @Override
    public List<String> rows() {
      return List.copyOf(new TreeSet<>(rows.keySet()));
    }

    @Override
    public void put(String row, Entry entry) {
      rows.put(row, entry);
    }

    @Override
    public void remove(String row) {
      rows.remove(row);
    }

    @Override
    public void lookAt(String row, long time) {
      looks.computeIfAbsent(time, t -> new TreeSet<>()).add(row);
    }
  }
}
