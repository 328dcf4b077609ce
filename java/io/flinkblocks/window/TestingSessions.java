package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** One subtask of a {@link SessionOperator}, keyed by user, in Flink's operator harness. */
public final class TestingSessions implements AutoCloseable {
  /** Number of key groups. */
  public static final int MAX_PARALLELISM = 8;

  private final KeyedOneInputStreamOperatorTestHarness<String, Event, OutputRecord> harness;
  private final StreamRecord<Event> reused = new StreamRecord<>(null);
  private final String analysis;

  private TestingSessions(
      String analysis,
      KeyedOneInputStreamOperatorTestHarness<String, Event, OutputRecord> harness) {
    this.analysis = analysis;
    this.harness = harness;
  }

  /** Where a subtask runs and what it starts with. */
  public static final class Builder {
    private final String analysis;
    private final SessionOperator<?> operator;
    private int parallelism = 1;
    private int subtask = 0;
    private StateBackend backend;
    private OperatorSubtaskState state;

    private Builder(String analysis, SessionOperator<?> operator) {
      this.analysis = analysis;
      this.operator = operator;
    }

    /** One of several subtasks. */
    public Builder subtask(int index, int of) {
      subtask = index;
      parallelism = of;
      return this;
    }

    /** Another state backend than heap. */
    public Builder backend(StateBackend stateBackend) {
      backend = stateBackend;
      return this;
    }

    /** The state that subtasks of so many stored. */
    public Builder restore(int oldParallelism, OperatorSubtaskState... states) throws Exception {
      state =
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              AbstractStreamOperatorTestHarness.repackageState(states),
              MAX_PARALLELISM,
              oldParallelism,
              parallelism,
              subtask);
      return this;
    }

    /** Opens the operator. */
    public TestingSessions open() throws Exception {
      var harness =
          new KeyedOneInputStreamOperatorTestHarness<>(
              operator, Event::userId, Types.STRING, MAX_PARALLELISM, parallelism, subtask);
      harness.getExecutionConfig().enableObjectReuse();
      if (backend != null) {
        harness.setStateBackend(backend);
      }
      harness.setup(
          OutputRecord.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
      if (state != null) {
        harness.initializeState(state);
      }
      harness.open();
      return new TestingSessions(analysis, harness);
    }
  }

  /** An operator that shows event ids, as analysis {@code ids}; all times in ms. */
  public static Builder ids(long timeout, long allowedLateness) {
    return of(
        "ids", new SessionOperator<>("ids", new TestingIdSession.Ids(), timeout, allowedLateness));
  }

  /** Any operator. */
  public static Builder of(String analysis, SessionOperator<?> operator) {
    return new Builder(analysis, operator);
  }

  /** A view by a user. */
  public static Event event(String user, String id, long timestamp) {
    return TestingEvents.event("c", id, user, "view", BigDecimal.ONE, 1, timestamp);
  }

  /** Sends a view with an id, in one record object that is used again and again. */
  public void send(String user, String id, long timestamp) throws Exception {
    send(event(user, id, timestamp));
  }

  /** Sends an event, in one record object that is used again and again. */
  public void send(Event event) throws Exception {
    harness.processElement(reused.replace(event, event.timestamp()));
  }

  /** Advances the watermark. */
  public void watermark(long watermark) throws Exception {
    harness.processWatermark(watermark);
  }

  /** The values that were emitted since the last call, in their order. */
  public List<String> take() {
    List<String> values = new ArrayList<>();
    for (StreamRecord<OutputRecord> record : takeRecords()) {
      values.add(new String(record.getValue().value(), StandardCharsets.UTF_8));
    }
    return values;
  }

  /** The records that were emitted since the last call, in their order. */
  public List<StreamRecord<OutputRecord>> takeRecords() {
    List<StreamRecord<OutputRecord>> records = new ArrayList<>();
    harness
        .extractOutputStreamRecords()
        .forEach(r -> records.add(new StreamRecord<>(r.getValue(), r.getTimestamp())));
    harness.getOutput().clear();
    return records;
  }

  /** A checkpoint. */
  public OperatorSubtaskState snapshot() throws Exception {
    return harness.snapshot(1, 1);
  }

  /** A number of the accounting; 0 if nothing was counted under the name. */
  public long count(String name) {
    return (Long)
        harness
            .getOperator()
            .getRuntimeContext()
            .getAccumulator("accounting." + analysis + "." + name)
            .getLocalValue();
  }

  /** Entries of a state, {@code open}, {@code emitted} or {@code overflow}, of all keys. */
  public long entries(String state) {
    try (var entries = operator().getKeyedStateBackend().getKeysAndNamespaces(state)) {
      return entries.distinct().count();
    }
  }

  /** Whether nothing is left: neither state nor timers. */
  public boolean isEmpty() {
    return timers() + entries("open") + entries("emitted") + entries("overflow") == 0;
  }

  /** Timers that wait. */
  public int timers() {
    return harness.numEventTimeTimers();
  }

  /** The operator itself. */
  public SessionOperator<?> operator() {
    return (SessionOperator<?>) harness.getOperator();
  }

  @Override
  public void close() {
    try {
      harness.close();
    } catch (Exception e) {
      throw new IllegalStateException("the operator does not close", e);
    }
  }
}
