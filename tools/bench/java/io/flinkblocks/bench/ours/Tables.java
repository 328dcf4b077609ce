package io.flinkblocks.bench.ours;

import io.flinkblocks.analytics.Customers;
import io.flinkblocks.analytics.Products;
import io.flinkblocks.analytics.Upsert;
import io.flinkblocks.bench.Arm;
import io.flinkblocks.bench.Run;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Changes;
import io.flinkblocks.config.Settings;
import io.flinkblocks.files.FileOutput;
import io.flinkblocks.job.JobEnvironment;
import io.flinkblocks.output.OutputRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The analytics of tables that change, up to the rows that would go to the database: each as soon
 * as it changes, as SQL has them. They are dropped, or written as Flink's Debezium format writes
 * changes.
 */
final class Tables implements Arm {
  private static final List<String> OUTPUTS =
      List.of(TableLines.CUSTOMERS, TableLines.PRODUCTS, OutputRecord.DEAD_LETTER);

  /** None before the end: the configuration of the blocks always has them. */
  private static final Duration NEVER = Duration.ofHours(24);

  @Override
  public void run(Run run) throws Exception {
    Settings settings = settings(run);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(JobEnvironment.of(settings));
    Changes changes = Changes.files(env, settings);
    DataStream<OutputRecord> written = changes.deadLetters();
    if (run.analyses().isEmpty()) {
      discard(changes.rows(), "rows");
    }
    for (String analysis : run.analyses()) {
      DataStream<Upsert> upserts = upserts(analysis, changes.rows(), settings);
      if (run.writes()) {
        written = written.union(lines(upserts, analysis));
      } else {
        discard(upserts, analysis);
      }
    }
    if (run.writes()) {
      FileOutput.write(written, OUTPUTS, settings);
    } else {
      discard(written, "dead-letters");
    }
    env.execute(run.block());
  }

  private static Settings settings(Run run) {
    Duration interval = run.state().checkpointInterval();
    return Settings.of(
        Map.of(
            "app-name", "bench",
            "block", run.block(),
            "input-path", run.input().toString(),
            "output-path", run.output().toString(),
            "checkpoint-path", run.checkpoints().toString(),
            "checkpoint-interval", Long.toString((interval.isZero() ? NEVER : interval).toMillis()),
            "state-backend", run.state().backend(),
            "parallelism", "1",
            "max-out-of-orderness", "5000"));
  }

  private static DataStream<Upsert> upserts(
      String analysis, DataStream<Change> rows, Settings settings) {
    return switch (analysis) {
      case "customers" -> Customers.apply(rows, settings);
      case "products" -> Products.apply(rows, settings);
      default -> throw new IllegalArgumentException("no analysis " + analysis);
    };
  }

  private static DataStream<OutputRecord> lines(DataStream<Upsert> upserts, String analysis) {
    boolean customers = analysis.equals("customers");
    return upserts
        .map(customers ? TableLines::customer : TableLines::product)
        .returns(OutputRecord.TYPE)
        .uid("lines-" + analysis);
  }

  private static void discard(DataStream<?> stream, String name) {
    stream.sinkTo(new DiscardingSink<>()).name("drop " + name).uid("drop-" + name);
  }
}
