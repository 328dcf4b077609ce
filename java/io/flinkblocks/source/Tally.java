package io.flinkblocks.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;

/**
 * The accounting of one operator: named counts that survive restarts and rescaling.
 *
 * <p>The counts are operator state, so after a failure they stand where the checkpoint stood, and
 * what is read again is counted once. On rescaling the entries are spread over the new subtasks;
 * one subtask's count then means nothing by itself, the sum over all subtasks stays true.
 *
 * <p>Each count is visible as the accumulator {@code accounting.<analysis>.<name>}, which lasts to
 * the end of the job, and as a metric of the same name. Both start at the restored value.
 *
 * <p>An analysis that joins a job at a savepoint has not seen the events before it. The accumulator
 * {@code since-start.<analysis>} tells: over all subtasks it is 0 when the analysis joined later.
 */
public final class Tally {
  private static final String GROUP = "accounting";
  private static final String SINCE_START = "since-start";

  private final String analysis;
  private final RuntimeContext runtime;
  private final ListState<Tuple2<String, Long>> state;
  // Names that this version of the job does not ask for stay here, so that the sum stays.
  private final Map<String, Count> counts = new TreeMap<>();
  private final MetricGroup metrics;

  private Tally(String analysis, RuntimeContext runtime, ListState<Tuple2<String, Long>> state) {
    this.analysis = analysis;
    this.runtime = runtime;
    this.state = state;
    this.metrics = runtime.getMetricGroup().addGroup(GROUP).addGroup(analysis);
  }

  /**
   * The tally of the operator that is being initialised, restored when the operator is.
   *
   * @param analysis an output's name, or {@code source}; one operator in a job counts a name of an
   *     analysis
   * @param context of {@code initializeState}
   */
  public static Tally open(
      String analysis, FunctionInitializationContext context, RuntimeContext runtime)
      throws Exception {
    ListState<Tuple2<String, Long>> state =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "tally." + analysis, Types.TUPLE(Types.STRING, Types.LONG)));
    Tally tally = new Tally(analysis, runtime, state);
    for (Tuple2<String, Long> entry : state.get()) {
      tally.counts.computeIfAbsent(entry.f0, name -> new Count()).add(entry.f1);
    }
    tally.sinceStart();
    return tally;
  }

  /**
   * Says whether the analysis was there when the job first began: then each subtask of it adds one.
   * It is a count like the others, as only sums outlast rescaling: a subtask without it may be one
   * that rescaling added.
   *
   * <p>A savepoint of a version that did not count this says of all analyses that they joined
   * later. So it is an excuse for events that are missing, and no more.
   */
  private void sinceStart() {
    if (!counts.containsKey(SINCE_START)) {
      Count count = new Count();
      count.add(Resumption.isOf(runtime) ? 0 : 1);
      counts.put(SINCE_START, count);
    }
    String name = SINCE_START + "." + analysis;
    // Two operators of an analysis may be in one task: they joined together.
    if (runtime.getAccumulator(name) == null) {
      runtime.addAccumulator(name, counts.get(SINCE_START).value);
    }
  }

  /** A count that only grows. */
  public Count counter(String name) {
    Count count = publish(name);
    metrics.counter(name, new CountMetric(count));
    return count;
  }

  /** A count that rises and falls, as of buffered events. */
  public Count gauge(String name) {
    Count count = publish(name);
    metrics.gauge(name, (Gauge<Long>) count::get);
    return count;
  }

  private Count publish(String name) {
    Count count = counts.computeIfAbsent(name, missing -> new Count());
    runtime.addAccumulator(GROUP + "." + analysis + "." + name, count.value);
    return count;
  }

  /** Writes the counts to the operator's state; to be called in {@code snapshotState}. */
  public void snapshot() throws Exception {
    List<Tuple2<String, Long>> entries = new ArrayList<>();
    counts.forEach((name, count) -> entries.add(Tuple2.of(name, count.get())));
    state.update(entries);
  }

  /** One number of a tally; for the operator's own thread. */
  public static final class Count {
    // The accumulator itself is the number: an increment is one addition, nothing is copied.
    private final LongCounter value = new LongCounter();

    private Count() {}

    /** Adds one. */
    public void increment() {
      value.add(1L);
    }

    /** Adds a number, which may be negative for a gauge. */
    public void add(long number) {
      value.add(number);
    }

    /** The number in this subtask. */
    public long get() {
      return value.getLocalValuePrimitive();
    }
  }

  /** A count as a Flink metric. */
  private record CountMetric(Count count) implements Counter {
    @Override
    public void inc() {
      count.increment();
    }

    @Override
    public void inc(long number) {
      count.add(number);
    }

    @Override
    public void dec() {
      count.add(-1);
    }

    @Override
    public void dec(long number) {
      count.add(-number);
    }

    @Override
    public long getCount() {
      return count.get();
    }
  }
}
