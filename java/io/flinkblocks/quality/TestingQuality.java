package io.flinkblocks.quality;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkblocks.cdc.Change;
import io.flinkblocks.output.OutputRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** One subtask of a {@link MemoryOperator} in Flink's operator harness. */
final class TestingQuality implements AutoCloseable {
  private static final int GROUPS = 8;
  private static final Pattern RECORD =
      Pattern.compile(
          "\\{\"rule\":\"(.*)\",\"severity\":\".*\",\"table\":\".*\",\"key\":(.*),\"field\":\"(.*)\","
              + "\"value\":(.*),\"detail\":\"(.*)\",\"cleared\":(true|false),\"time\":(\\d+),.*");

  private final KeyedOneInputStreamOperatorTestHarness<String, Part, OutputRecord> harness;
  private final List<Rule> rules;

  private TestingQuality(
      KeyedOneInputStreamOperatorTestHarness<String, Part, OutputRecord> harness,
      List<Rule> rules) {
    this.harness = harness;
    this.rules = rules;
  }

  /** The only subtask, with state on the heap. */
  static TestingQuality open(List<Rule> rules) throws Exception {
    return open(rules, null, 1, 0);
  }

  /** The only subtask, on a state backend. */
  static TestingQuality open(List<Rule> rules, StateBackend backend) throws Exception {
    return open(rules, backend, 1, 0);
  }

  /** One of some subtasks, that goes on where others were. */
  static TestingQuality open(
      List<Rule> rules,
      StateBackend backend,
      int parallelism,
      int subtask,
      OperatorSubtaskState... states)
      throws Exception {
    var harness = harness(rules, parallelism, subtask);
    return open(rules, harness, backend, parallelism, subtask, states);
  }

  /** The only subtask, of a job that goes on from a savepoint without this step. */
  static TestingQuality resume(List<Rule> rules) throws Exception {
    var harness = harness(rules, 1, 0);
    harness
        .getEnvironment()
        .getJobConfiguration()
        .set(StateRecoveryOptions.SAVEPOINT_PATH, "/savepoint");
    return open(rules, harness, null, 1, 0);
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, Part, OutputRecord> harness(
      List<Rule> rules, int parallelism, int subtask) throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new MemoryOperator(rules, TestingChecks.GRACE),
        Part::key,
        Types.STRING,
        GROUPS,
        parallelism,
        subtask);
  }

  private static TestingQuality open(
      List<Rule> rules,
      KeyedOneInputStreamOperatorTestHarness<String, Part, OutputRecord> harness,
      StateBackend backend,
      int parallelism,
      int subtask,
      OperatorSubtaskState... states)
      throws Exception {
    harness.getExecutionConfig().enableObjectReuse();
    if (backend != null) {
      harness.setStateBackend(backend);
    }
    harness.setup(
        OutputRecord.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (states.length > 0) {
      harness.initializeState(
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              AbstractStreamOperatorTestHarness.repackageState(states),
              GROUPS,
              states.length,
              parallelism,
              subtask));
    }
    harness.open();
    return new TestingQuality(harness, rules);
  }

  /** Sends the parts of changes, in the order that these have here. */
  void send(Change... changes) throws Exception {
    Parts parts = new Parts(rules);
    for (Change change : changes) {
      List<Part> split = new ArrayList<>();
      parts.split(change, split::add);
      for (Part part : split) {
        send(part);
      }
    }
  }

  /** Sends a part. */
  void send(Part part) throws Exception {
    harness.processElement(new StreamRecord<>(part, part.time()));
  }

  /** Advances the watermark. */
  void watermark(long watermark) throws Exception {
    harness.processWatermark(watermark);
  }

  /** The alerts since the last call: their rules, then as {@link TestingChecks#text}. */
  List<String> take() {
    List<String> alerts = new ArrayList<>();
    for (StreamRecord<? extends OutputRecord> record : harness.extractOutputStreamRecords()) {
      alerts.add(text(record.getValue()));
    }
    harness.getOutput().clear();
    return alerts;
  }

  /** The same of a record. */
  static String text(OutputRecord record) {
    String value = new String(record.value(), UTF_8);
    Matcher parts = RECORD.matcher(value);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no alert: " + value);
    }
    String key = parts.group(2);
    return "%s: %s %s %s%s @%s"
        .formatted(
            parts.group(1),
            key.equals("null") ? parts.group(3) : key.replaceAll("[^-0-9]", ""),
            parts.group(4),
            parts.group(5),
            parts.group(6).equals("true") ? ", cleared" : "",
            parts.group(7));
  }

  /** A checkpoint. */
  OperatorSubtaskState snapshot() throws Exception {
    return harness.snapshot(1, 1);
  }

  /** Entries in all states. */
  int entries() {
    return harness.numKeyedStateEntries();
  }

  /** Timers that wait. */
  int timers() {
    return harness.numEventTimeTimers();
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
