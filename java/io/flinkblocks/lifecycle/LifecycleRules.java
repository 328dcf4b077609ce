package io.flinkblocks.lifecycle;

import io.flinkblocks.cdc.Cause;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Lsn;
import io.flinkblocks.cdc.Row;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Which steps in a user's life a change is, and what is said about them.
 *
 * @param tiers their names, the lowest first; a change from or to another one is no step
 */
record LifecycleRules(List<String> tiers) implements Serializable {
  private static final String TABLE = "users";
  private static final String ID = "id";
  private static final String STATUS = "status";
  private static final String TIER = "tier";
  private static final String ACTIVE = "active";
  private static final String SUSPENDED = "suspended";

  /** The steps, a change of the status in front of one of the tier. A snapshot is no step. */
  List<String> types(Change change) {
    if (!change.table().equals(TABLE) || change.cause() == Cause.SNAPSHOT) {
      return List.of();
    }
    return switch (change.op()) {
      case CREATE -> List.of("registered");
      case UPDATE -> updates(change.before(), change.after());
      case DELETE -> List.of("deleted");
      case READ, TRUNCATE -> List.of();
    };
  }

  private List<String> updates(Row before, Row after) {
    List<String> types = new ArrayList<>(2);
    if (isTold(STATUS, before, after)) {
      addStatus(before.text(STATUS), after.text(STATUS), types);
    }
    if (isTold(TIER, before, after)) {
      addTier(rank(before.text(TIER)), rank(after.text(TIER)), types);
    }
    return types;
  }

  /** Whether a column's old and new value are known. */
  private static boolean isTold(String column, Row before, Row after) {
    return before != null && before.has(column) && !after.isNull(column);
  }

  private static void addStatus(String from, String to, List<String> types) {
    if (to.equals(from)) {
      return;
    }
    if (to.equals(SUSPENDED)) {
      types.add("suspended");
    } else if (to.equals(ACTIVE)) {
      types.add(SUSPENDED.equals(from) ? "reactivated" : "activated");
    }
  }

  /** A tier's place in their order; -1 when it has none. */
  private int rank(String tier) {
    return tier == null ? -1 : tiers.indexOf(tier);
  }

  private static void addTier(int from, int to, List<String> types) {
    if (from >= 0 && to >= 0 && from != to) {
      types.add(from < to ? "upgraded" : "downgraded");
    }
  }

  /** The record of a step. */
  OutputRecord record(String type, Change change, JsonWriter json) {
    byte[] id = id(change);
    json.begin().field("type", type).json("user_id", id);
    row("before", change.before(), json);
    row("after", change.after(), json);
    json.field("time", change.time()).field("lsn", Lsn.text(change.lsn()));
    if (change.txId() < 0) {
      json.nullField("tx_id");
    } else {
      json.field("tx_id", change.txId());
    }
    return OutputRecord.of(Lifecycle.OUTPUT, id, json.end());
  }

  private static void row(String name, Row row, JsonWriter json) {
    if (row == null) {
      json.nullField(name);
    } else {
      json.json(name, row.json());
    }
  }

  /** The user's id; of a deleted user of whom nothing else is known it is in the key. */
  private static byte[] id(Change change) {
    Row row = change.after() != null ? change.after() : change.before();
    byte[] id = (row != null ? row : Row.of(change.key())).value(ID);
    return id != null ? id : change.key();
  }
}
