package io.flinkblocks.ordered;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.TestingEvents;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** One subtask of an {@link OrderedOperator}, keyed by user, in Flink's operator harness. */
public final class TestingOrdered implements AutoCloseable {
  /** Number of key groups. */
  public static final int MAX_PARALLELISM = 8;

  private final KeyedOneInputStreamOperatorTestHarness<String, Event, OutputRecord> harness;
  private final StreamRecord<Event> reused = new StreamRecord<>(null);
  private final String analysis;

  private TestingOrdered(
      String analysis,
      KeyedOneInputStreamOperatorTestHarness<String, Event, OutputRecord> harness) {
    this.analysis = analysis;
    this.harness = harness;
  }

  /** Where a subtask runs and what it starts with. */
  public static final class Builder {
    private final String analysis;
    private final KeyedLogic<?> logic;
    private int parallelism = 1;
    private int subtask = 0;
    private StateBackend backend;
    private OperatorSubtaskState state;

    private Builder(String analysis, KeyedLogic<?> logic) {
      this.analysis = analysis;
      this.logic = logic;
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
    public TestingOrdered open() throws Exception {
      var harness =
          new KeyedOneInputStreamOperatorTestHarness<>(
              new OrderedOperator<>(analysis, logic),
              Event::userId,
              Types.STRING,
              MAX_PARALLELISM,
              parallelism,
              subtask);
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
      return new TestingOrdered(analysis, harness);
    }
  }

  /** An operator with a {@link TestingJournal}, as analysis {@code journal}. */
  public static Builder journal() {
    return of("journal", new TestingJournal());
  }

  /** An operator with any logic. */
  public static Builder of(String analysis, KeyedLogic<?> logic) {
    return new Builder(analysis, logic);
  }

  /** An event that says what a {@link TestingJournal} waits for. */
  public static Event event(String user, String id, long timestamp, String wish) {
    return event(user, id, timestamp, wish, "1");
  }

  /** An event with a price, written like this. */
  static Event event(String user, String id, long timestamp, String wish, String price) {
    byte[] json =
        new JsonWriter()
            .begin()
            .field("event_id", id)
            .field("user_id", user)
            .field("session_id", "s")
            .field("product_id", "p")
            .field("category", wish)
            .field("action", "view")
            .json("price", price.getBytes(StandardCharsets.UTF_8))
            .field("quantity", 1)
            .field("timestamp", timestamp)
            .end();
    return TestingEvents.parse(new String(json, StandardCharsets.UTF_8));
  }

  /** Sends an event after which the journal waits for 1000 ms. */
  public void send(String user, String id, long timestamp) throws Exception {
    send(user, id, timestamp, "wait 1000");
  }

  /** Sends an event that says what the journal waits for. */
  public void send(String user, String id, long timestamp, String wish) throws Exception {
    send(event(user, id, timestamp, wish));
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

  /** A number of the accounting. */
  public long count(String name) {
    return (Long)
        harness
            .getOperator()
            .getRuntimeContext()
            .getAccumulator("accounting." + analysis + "." + name)
            .getLocalValue();
  }

  /** Entries in the state: timestamps with held events, and users with a state of the logic. */
  public long entries() {
    return entries("held") + entries("logic");
  }

  private long entries(String state) {
    try (var entries = operator().getKeyedStateBackend().getKeysAndNamespaces(state)) {
      return entries.count();
    }
  }

  /** Timers that wait. */
  public int timers() {
    return harness.numEventTimeTimers();
  }

  /** The operator itself. */
  public OrderedOperator<?> operator() {
    return (OrderedOperator<?>) harness.getOperator();
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
