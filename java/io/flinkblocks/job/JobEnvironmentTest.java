package io.flinkblocks.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.junit.jupiter.api.Test;

class JobEnvironmentTest {
  private static Configuration configuration(Map<String, String> more) {
    Map<String, String> values = new TreeMap<>();
    values.put("parallelism", "2");
    values.put("checkpoint-path", "/state");
    values.put("checkpoint-interval", "10000");
    values.put("state-backend", "hashmap");
    values.putAll(more);
    return JobEnvironment.of(Settings.of(values));
  }

  @Test
  void anEmbeddedFlinkIsClosedToOthers() {
    Configuration conf = configuration(Map.of("rest-port", "12345"));
    assertEquals("127.0.0.1", conf.get(RestOptions.BIND_ADDRESS));
    assertEquals("12345", conf.get(RestOptions.BIND_PORT));
    assertEquals("127.0.0.1", conf.get(JobManagerOptions.BIND_HOST));
    assertEquals("127.0.0.1", conf.get(TaskManagerOptions.BIND_HOST));
    assertFalse(conf.get(WebOptions.SUBMIT_ENABLE));
  }

  @Test
  void everyParallelismHasTheBuffersForTwoShuffles() {
    for (int subtasks : new int[] {1, 32, 33, 64, 128}) {
      Configuration conf =
          configuration(Map.of("rest-port", "1", "parallelism", Integer.toString(subtasks)));
      long buffers =
          conf.get(TaskManagerOptions.NETWORK_MEMORY_MAX).getBytes()
              / conf.get(TaskManagerOptions.MEMORY_SEGMENT_SIZE).getBytes();
      assertTrue(buffers >= 2L * subtasks * (subtasks + 1), subtasks + ": " + buffers);
    }
  }

  @Test
  void aClusterKeepsItsOwnAddresses() {
    Configuration conf = configuration(Map.of());
    assertFalse(conf.contains(RestOptions.BIND_ADDRESS));
    assertFalse(conf.contains(WebOptions.SUBMIT_ENABLE));
    assertFalse(conf.contains(StateRecoveryOptions.SAVEPOINT_PATH));
  }

  @Test
  void checkpointsGoBelowTheCheckpointPath() {
    assertEquals(
        "file:///state/checkpoints",
        configuration(Map.of()).get(CheckpointingOptions.CHECKPOINTS_DIRECTORY));
    assertEquals(
        "s3://bucket/a/checkpoints",
        configuration(Map.of("checkpoint-path", "s3://bucket/a"))
            .get(CheckpointingOptions.CHECKPOINTS_DIRECTORY));
  }

  @Test
  void whatIsResumedFromStaysAsItIs() {
    Configuration conf = configuration(Map.of("from-savepoint", "/s/savepoint-1"));
    assertEquals("/s/savepoint-1", conf.get(StateRecoveryOptions.SAVEPOINT_PATH));
    assertEquals(RecoveryClaimMode.NO_CLAIM, conf.get(StateRecoveryOptions.RESTORE_MODE));
  }

  @Test
  void rocksdbTakesIncrementalCheckpoints() {
    assertFalse(configuration(Map.of()).get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS));
    assertTrue(
        configuration(Map.of("state-backend", "rocksdb"))
            .get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS));
  }
}
