package io.flinkblocks.job;

import io.flinkblocks.config.Settings;
import io.flinkblocks.metrics.LoopbackPrometheusReporterFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.RecoveryClaimMode;

/** The Flink configuration that a run's flags mean; Python drivers and Java mains share it. */
public final class JobEnvironment {
  /**
   * Key groups, so the most that a job can be scaled to. It is part of every savepoint and cannot
   * be changed later, hence one number for all blocks.
   */
  public static final int MAX_PARALLELISM = 128;

  /** Restarts after failures before a job gives up. */
  public static final int RESTART_ATTEMPTS = 3;

  /** Pause before a restart. */
  public static final Duration RESTART_DELAY = Duration.ofSeconds(1);

  /**
   * The same on a cluster: longer than a cluster with Flink's defaults takes to miss a machine that
   * was lost, so that the restarts are not spent on slots that are no longer there.
   */
  public static final Duration CLUSTER_RESTART_DELAY = Duration.ofSeconds(10);

  private static final Duration CHECKPOINT_TIMEOUT = Duration.ofMinutes(10);
  private static final int RETAINED_CHECKPOINTS = 3;
  private static final String LOOPBACK = "127.0.0.1";

  /** The configuration of a job, wherever it runs. */
  public static Configuration of(Settings settings) {
    Configuration conf = new Configuration();
    pipeline(conf, settings);
    checkpoints(conf, settings);
    settings.find("rest-port").ifPresent(port -> embedded(conf, Integer.parseInt(port)));
    settings.find("metrics-port").ifPresent(port -> prometheus(conf, port));
    return conf;
  }

  private static void pipeline(Configuration conf, Settings settings) {
    conf.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.STREAMING);
    conf.set(CoreOptions.DEFAULT_PARALLELISM, settings.integer("parallelism"));
    conf.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
    // An operator without a uid of its own could not find its state after a change of the job.
    conf.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    // A type that would fall back to Kryo fails at once instead of being slow for ever.
    conf.set(PipelineOptions.GENERIC_TYPES, false);
    // Operators do not change what they were handed, so nothing has to be copied between them.
    conf.set(PipelineOptions.OBJECT_REUSE, true);
    conf.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    conf.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, RESTART_ATTEMPTS);
    conf.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY,
        settings.find("target").isPresent() ? CLUSTER_RESTART_DELAY : RESTART_DELAY);
  }

  private static void checkpoints(Configuration conf, Settings settings) {
    String folder = uri(settings.text("checkpoint-path"));
    conf.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    conf.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL,
        Duration.ofMillis(settings.millis("checkpoint-interval")));
    conf.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, CHECKPOINT_TIMEOUT);
    conf.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder + "/checkpoints");
    conf.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, folder + "/savepoints");
    conf.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, RETAINED_CHECKPOINTS);
    conf.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    String backend = settings.text("state-backend");
    conf.set(StateBackendOptions.STATE_BACKEND, backend);
    conf.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, backend.equals("rocksdb"));
    settings
        .find("from-savepoint")
        .ifPresent(
            path -> {
              conf.set(StateRecoveryOptions.SAVEPOINT_PATH, path);
              // The snapshot stays as it is: a run that goes wrong can be started from it again.
              conf.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.NO_CLAIM);
            });
  }

  /** A path of this machine as a URI, which Flink wants; a URI stays what it is. */
  private static String uri(String path) {
    return path.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")
        ? path
        : "file://" + Path.of(path).toAbsolutePath();
  }

  /** One JVM is the whole cluster: nothing of it is to be reached from other machines. */
  private static void embedded(Configuration conf, int restPort) {
    conf.set(RestOptions.ADDRESS, LOOPBACK);
    conf.set(RestOptions.BIND_ADDRESS, LOOPBACK);
    conf.set(RestOptions.PORT, restPort);
    conf.set(RestOptions.BIND_PORT, Integer.toString(restPort));
    conf.set(JobManagerOptions.ADDRESS, LOOPBACK);
    conf.set(JobManagerOptions.BIND_HOST, LOOPBACK);
    conf.set(TaskManagerOptions.HOST, LOOPBACK);
    conf.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
    // A form that takes any jar is of use to any web page that the browser has open.
    conf.set(WebOptions.SUBMIT_ENABLE, false);
    network(conf);
    // The console asks every second; Flink's own default would show it numbers 10 s old.
    conf.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofMillis(900));
  }

  /**
   * A shuffle from P to P subtasks takes P x (P + 1) buffers at least, all of them in this one JVM;
   * Flink's share for an embedded run is enough for 44 subtasks. Twice that many, for two shuffles,
   * are small pieces beyond 32 subtasks: 132 MB for 128 of them.
   */
  private static void network(Configuration conf) {
    long subtasks = conf.get(CoreOptions.DEFAULT_PARALLELISM);
    MemorySize buffer = MemorySize.ofMebiBytes(1).divide(subtasks > 32 ? 256 : 32);
    long needed = 2 * subtasks * (subtasks + 1) * buffer.getBytes();
    MemorySize all = new MemorySize(Math.max(needed, MemorySize.ofMebiBytes(64).getBytes()));
    conf.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, buffer);
    conf.set(TaskManagerOptions.NETWORK_MEMORY_MIN, all);
    conf.set(TaskManagerOptions.NETWORK_MEMORY_MAX, all);
  }

  private static void prometheus(Configuration conf, String port) {
    MetricOptions.forReporter(conf, "prometheus")
        .set(
            MetricOptions.REPORTER_FACTORY_CLASS,
            LoopbackPrometheusReporterFactory.class.getName());
    conf.setString("metrics.reporter.prometheus." + LoopbackPrometheusReporterFactory.PORT, port);
  }

  private JobEnvironment() {}
}
