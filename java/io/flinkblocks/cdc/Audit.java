package io.flinkblocks.cdc;

import io.flinkblocks.config.Settings;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.util.Collector;

/** The output audit-trail: each change of the tables as one record, whatever it was. */
public final class Audit {
  /** The output's name. */
  public static final String OUTPUT = "audit-trail";

  /**
   * Adds the output to a job.
   *
   * @param rows all changes, of {@link Changes#rows}
   * @param settings of the run; nothing of them changes the trail
   * @return a record for each change out of the log, truncates among them, and for each row that a
   *     snapshot read
   */
  public static DataStream<OutputRecord> apply(DataStream<Change> rows, Settings settings) {
    return rows.flatMap(new Trail(), OutputRecord.TYPE)
        .setParallelism(rows.getParallelism())
        .name(OUTPUT)
        .uid(OUTPUT);
  }

  /** Whether the change was made or read, and not concluded from others. */
  public static boolean matches(Change change) {
    return change.cause() == Cause.STREAM
        || change.cause() == Cause.SNAPSHOT && change.op() == Op.READ;
  }

  /** The record of a change that matches: it tells what the log or the snapshot does. */
  static OutputRecord record(Change change, JsonWriter json) {
    json.begin().field("table", change.table());
    raw(json, "key", change.key());
    json.field("op", change.op().code());
    row(json, "before", before(change));
    row(json, "after", change.after());
    json.array("changed", changed(change).stream().map(Audit::utf8).toArray(byte[][]::new));
    if (change.txId() < 0) {
      json.nullField("tx_id");
    } else {
      json.field("tx_id", change.txId());
    }
    json.field("lsn", Lsn.text(change.lsn())).field("time", change.time());
    return OutputRecord.of(OUTPUT, key(change), json.end());
  }

  /**
   * The columns that an update changed; none for any other change, and when it has no row before.
   */
  public static List<String> changed(Change change) {
    boolean known = change.op() == Op.UPDATE && change.before() != null;
    return known ? change.before().changed(change.after()) : List.of();
  }

  /** The row before, where the log or the state tells of one; a snapshot's reads do not. */
  public static Row before(Change change) {
    boolean hasBefore = change.op() == Op.UPDATE || change.op() == Op.DELETE;
    return hasBefore ? change.before() : null;
  }

  private static void row(JsonWriter json, String name, Row row) {
    raw(json, name, row == null ? null : row.json());
  }

  private static void raw(JsonWriter json, String name, byte[] value) {
    if (value == null) {
      json.nullField(name);
    } else {
      json.json(name, value);
    }
  }

  private static byte[] key(Change change) {
    return change.key() == null
        ? utf8(change.table())
        : utf8(new RowKey(change.table(), change.key()).toString());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final class Trail extends RichFlatMapFunction<Change, OutputRecord> {
    private static final long serialVersionUID = 1;

    private transient JsonWriter json;

    @Override
    public void open(OpenContext context) {
      json = new JsonWriter();
    }

    @Override
    public void flatMap(Change change, Collector<OutputRecord> out) {
      if (matches(change)) {
        out.collect(record(change, json));
      }
    }
  }

  private Audit() {}
}
