package io.flinkblocks.cdc;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.files.FileRecordSource;
import io.flinkblocks.kafka.ChangeTopics;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.source.Intake;
import io.flinkblocks.source.IntakeStep;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The changes of a database's tables, as Debezium tells them: source, intake, and what is known of
 * the rows.
 *
 * <p>Accounts of the source are those of {@link Intake}, with {@code skipped.<why>} for records
 * that are in order and tell of no change: they are among the valid ones.
 */
public final class Changes {
  /** Uid and name of the step that knows the rows; state is found by it. */
  public static final String ROWS_UID = "rows";

  private final DataStream<OutputRecord> deadLetters;
  private final DataStream<Change> rows;

  private Changes(DataStream<OutputRecord> deadLetters, DataStream<Change> rows) {
    this.deadLetters = deadLetters;
    this.rows = rows;
  }

  /**
   * The changes in {@code --input-path} if it is set, else in Kafka.
   *
   * @throws UserError as {@link #files} and {@link #kafka} do
   */
  public static Changes open(StreamExecutionEnvironment env, Settings settings) {
    return settings.find("input-path").isPresent() ? files(env, settings) : kafka(env, settings);
  }

  /**
   * The changes in files, one envelope a line; bounded. A file is read from top to bottom: all
   * changes of a table must be in the same one.
   *
   * @param settings {@code input-path}, {@code max-out-of-orderness}
   * @throws UserError when there is nothing to read, or a file cannot be opened
   */
  public static Changes files(StreamExecutionEnvironment env, Settings settings) {
    return of(FileRecordSource.stream(env, settings, new ChangeLines()));
  }

  /**
   * The changes in the tables' topics, without end. A run that does not resume starts at their
   * beginning, whatever the consumer group has committed: to know the rows takes all changes.
   *
   * @param settings {@code change-topics} (their names, with commas between them), {@code
   *     kafka-servers}, {@code kafka-config}, {@code kafka-group-id} or {@code app-name} and {@code
   *     block}, {@code max-out-of-orderness}, {@code idle-timeout}
   * @throws UserError when a topic is missing or has several partitions, or the broker cannot be
   *     asked
   */
  public static Changes kafka(StreamExecutionEnvironment env, Settings settings) {
    ChangeTopics.require(settings);
    return of(KafkaChanges.endless(settings).open(env, settings));
  }

  static Changes of(DataStream<ChangeRecord> source) {
    int configured = source.getExecutionEnvironment().getMaxParallelism();
    int groups =
        configured > 0 ? configured : KeyGroupRangeAssignment.DEFAULT_LOWER_BOUND_MAX_PARALLELISM;
    SingleOutputStreamOperator<Routed> intake =
        source
            .transform(Intake.UID, Routed.TYPE, new ChangeIntakeOperator(groups))
            .setParallelism(source.getParallelism())
            .uid(Intake.UID);
    DataStream<Change> rows =
        intake
            .keyBy(new Routed.Route(groups), RowKey.TYPE)
            .transform(ROWS_UID, Change.TYPE, new RowsOperator(groups))
            .setMaxParallelism(groups)
            .uid(ROWS_UID);
    return new Changes(intake.getSideOutput(IntakeStep.DEAD_LETTERS), rows);
  }

  /**
   * A changelog of all rows: for each row by itself in order, with no change twice, and each change
   * with the row before as the last one left it. Timestamps are the changes' times.
   */
  public DataStream<Change> rows() {
    return rows;
  }

  /** The records of the dead-letter output. */
  public DataStream<OutputRecord> deadLetters() {
    return deadLetters;
  }
}
