package io.flinkblocks.bench;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;

/**
 * Where a Flink arm keeps its state.
 *
 * @param backend {@code hashmap} or {@code rocksdb}, as Flink calls them
 * @param checkpointInterval between checkpoints; zero for none
 */
public record StateOptions(String backend, Duration checkpointInterval) {
  /** Sets up an arm that has no flags for it. */
  public void configure(Configuration conf, Path folder) {
    conf.set(StateBackendOptions.STATE_BACKEND, backend);
    if (!checkpointInterval.isZero()) {
      conf.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpointInterval);
      conf.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
      conf.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, backend.equals("rocksdb"));
    }
  }
}
