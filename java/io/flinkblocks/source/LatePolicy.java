package io.flinkblocks.source;

import io.flinkblocks.config.Settings;
import io.flinkblocks.output.OutputRecord;
import org.apache.flink.streaming.api.datastream.DataStream;

/** What becomes of the records about late events, behind an analysis, which has counted them. */
public final class LatePolicy {
  private static final String DROP = "drop";

  /**
   * The records of an analysis without those about late events, if {@code late-policy} is to drop
   * them; else all of them.
   *
   * @param records results and late-events
   * @param settings {@code late-policy}; they are kept if it is not set
   * @param uid uid and name of the step
   */
  public static DataStream<OutputRecord> apply(
      DataStream<OutputRecord> records, Settings settings, String uid) {
    if (!settings.find("late-policy").orElse("").equals(DROP)) {
      return records;
    }
    return records
        .filter(record -> !record.output().equals(OutputRecord.LATE_EVENTS))
        .setParallelism(records.getParallelism())
        .name(uid)
        .uid(uid);
  }

  private LatePolicy() {}
}
