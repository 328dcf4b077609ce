package io.flinkblocks.analytics;

import io.flinkblocks.cdc.Change;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The two steps that all views are made of. */
final class Views {
  /** Adds them to a job, with the uids {@code <output>-deltas} and {@code <output>-totals}. */
  static DataStream<Upsert> apply(View view, DataStream<Change> rows) {
    String deltas = view.output + "-deltas";
    String totals = view.output + "-totals";
    return rows.flatMap(new SplitFunction(view))
        .returns(Delta.TYPE)
        .setParallelism(rows.getParallelism())
        .name(deltas)
        .uid(deltas)
        .keyBy(Delta::owner, Types.LONG)
        .process(new TotalsFunction(view), Upsert.TYPE)
        .name(totals)
        .uid(totals);
  }

  private Views() {}
}
