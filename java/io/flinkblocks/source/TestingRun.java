package io.flinkblocks.source;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.SourceRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.TestStreamEnvironment;

/**
 * A source under test in an embedded cluster: source, intake, a gate to interfere at, and a ledger
 * of the events that came through.
 *
 * <p>The ledger is state, so over failures and savepoints it holds each event as often as it
 * counts. It is one subtask, behind all of the source's: an event is late to it when the watermark
 * of the whole source had passed it.
 */
public final class TestingRun {
  private static final long PATIENCE_S = 120;
  private static final int SLOTS = 16;
  private static final Map<String, TestingRun> RUNS = new ConcurrentHashMap<>();
  private static MiniCluster cluster;

  private final String name;
  private final Path folder;
  private final List<String> seen = new ArrayList<>();
  // A checkpoint is complete in which the gate was slow: then all tasks run, too.
  private volatile CountDownLatch checkpointed = new CountDownLatch(1);
  private volatile long slowAfter = Long.MAX_VALUE;
  private volatile boolean failing;
  private long watermark = Long.MIN_VALUE;
  private String savepoint;

  private TestingRun(String name, Path folder) {
    this.name = name;
    this.folder = folder;
  }

  /**
   * A run without interference.
   *
   * @param name not used by another run of the same JVM at the same time
   * @param folder for checkpoints
   */
  public static TestingRun of(String name, Path folder) {
    TestingRun run = new TestingRun(name, folder);
    RUNS.put(name, run);
    return run;
  }

  /** Fails once, when some events are through and a checkpoint is complete. */
  public TestingRun failingAfter(long events) {
    slowAfter = events;
    failing = true;
    return this;
  }

  /** Gets slow when some events are through, for {@link #stopWithSavepoint}. */
  public TestingRun slowAfter(long events) {
    slowAfter = events;
    checkpointed = new CountDownLatch(1);
    return this;
  }

  /** One cluster for all jobs of the JVM, which is faster than one each; it ends with the JVM. */
  private static synchronized MiniCluster cluster() {
    if (cluster == null) {
      cluster =
          new MiniCluster(
              new MiniClusterConfiguration.Builder()
                  .setNumTaskManagers(1)
                  .setNumSlotsPerTaskManager(SLOTS)
                  .withRandomPorts()
                  .build());
      try {
        cluster.start();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    return cluster;
  }

  /** The environment of the next job, which starts from the last savepoint if there is one. */
  public StreamExecutionEnvironment environment(int parallelism) {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    configuration.set(PipelineOptions.MAX_PARALLELISM, 128);
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(50));
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
    configuration.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.DELETE_ON_CANCELLATION);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
    if (savepoint != null) {
      configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    return new TestStreamEnvironment(cluster(), configuration, parallelism, List.of(), List.of());
  }

  /** Puts intake, gate and ledger behind a source. */
  public void attach(DataStream<SourceRecord> source) {
    Intake.of(source)
        .events()
        .transform("gate", Event.TYPE, new Gate(name))
        .setParallelism(source.getParallelism())
        .uid("gate")
        .transform("ledger", Types.STRING, new Ledger(name))
        .setParallelism(1)
        .uid("ledger");
  }

  /** Runs a bounded job to its end and gives its accounting, by name. */
  public Map<String, Long> toEnd(StreamExecutionEnvironment env) throws Exception {
    JobExecutionResult result = env.execute(name);
    Map<String, Long> accounting = new TreeMap<>();
    result
        .getAllAccumulatorResults()
        .forEach(
            (accumulator, value) -> {
              if (accumulator.startsWith("accounting.source.") && (Long) value != 0) {
                accounting.put(accumulator.substring("accounting.source.".length()), (Long) value);
              }
            });
    return accounting;
  }

  /** Stops a job with a savepoint, once its gate got slow, and goes on at full speed from there. */
  public void stopWithSavepoint(JobClient job) throws Exception {
    stop(job, false);
    clear();
  }

  /** Ends a job with a savepoint, once its gate got slow, as if its input ended there. */
  public void drain(JobClient job) throws Exception {
    stop(job, true);
  }

  private void stop(JobClient job, boolean drain) throws Exception {
    if (!checkpointed.await(PATIENCE_S, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the job did not come so far");
    }
    savepoint =
        job.stopWithSavepoint(drain, folder.toString(), SavepointFormatType.CANONICAL)
            .get(PATIENCE_S, TimeUnit.SECONDS);
    slowAfter = Long.MAX_VALUE;
  }

  private synchronized void clear() {
    seen.clear();
    watermark = Long.MIN_VALUE;
  }

  private synchronized void reached(long mark) {
    watermark = mark;
    notifyAll();
  }

  private synchronized void saw(List<String> events) {
    seen.addAll(events);
    notifyAll();
  }

  private void saw(String event) {
    saw(List.of(event));
  }

  /** Ids of the events that are through, in their order; of late ones with a mark before it. */
  public synchronized List<String> seen() {
    return List.copyOf(seen);
  }

  /** The watermark of the whole source, in ms since the epoch. */
  public synchronized long watermark() {
    return watermark;
  }

  /** Waits until as many events are through. */
  public synchronized void awaitEvents(int count) throws InterruptedException {
    await(() -> seen.size() >= count);
  }

  /** Waits until the watermark of the whole source has come so far, in ms since the epoch. */
  public synchronized void awaitWatermark(long mark) throws InterruptedException {
    await(() -> watermark >= mark);
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (!condition.getAsBoolean()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new IllegalStateException("stuck at watermark " + watermark + ", seen: " + seen);
      }
      wait(left);
    }
  }

  /** Lets events through; interferes where its run says so. */
  private static final class Gate extends AbstractStreamOperator<Event>
      implements OneInputStreamOperator<Event, Event> {
    private static final long serialVersionUID = 1;

    private final String name;
    private transient long count;

    Gate(String name) {
      this.name = name;
    }

    @Override
    public void processElement(StreamRecord<Event> element) {
      TestingRun run = RUNS.get(name);
      if (++count > run.slowAfter) {
        if (run.failing && run.checkpointed.getCount() == 0) {
          run.slowAfter = Long.MAX_VALUE;
          throw new IllegalStateException("a failure on purpose");
        }
        // Time for what the test waits for: it comes between two records of this thread.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
      output.collect(element);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      TestingRun run = RUNS.get(name);
      if (count > run.slowAfter) {
        run.checkpointed.countDown();
      }
    }
  }

  /** Keeps what came. */
  private static final class Ledger extends AbstractStreamOperator<String>
      implements OneInputStreamOperator<Event, String> {
    private static final long serialVersionUID = 1;

    private final String name;
    private transient ListState<String> state;
    private transient long watermark;

    Ledger(String name) {
      this.name = name;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
      super.initializeState(context);
      state =
          context
              .getOperatorStateStore()
              .getListState(new ListStateDescriptor<>("seen", Types.STRING));
      List<String> kept = new ArrayList<>();
      state.get().forEach(kept::add);
      watermark = Long.MIN_VALUE;
      TestingRun run = RUNS.get(name);
      run.clear();
      run.saw(kept);
    }

    @Override
    public void processElement(StreamRecord<Event> element) throws Exception {
      Event event = element.getValue();
      String seen = event.timestamp() <= watermark ? "late " + event.eventId() : event.eventId();
      state.add(seen);
      RUNS.get(name).saw(seen);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
      watermark = mark.getTimestamp();
      RUNS.get(name).reached(watermark);
      super.processWatermark(mark);
    }
  }
}
