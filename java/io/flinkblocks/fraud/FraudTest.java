package io.flinkblocks.fraud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;

class FraudTest {
  private static final int EVENTS = 5_000;
  private static final int DISORDER = 5_000;
  private static final long START = 1_700_000_040_000L;

  @Test
  void aJobOfFourSubtasksEqualsTheNaiveRules() throws Exception {
    List<Event> events = traffic(new Random(7));
    Event late = TestingPurchases.purchase("late", "late", "10", null, START);
    events.add(late);

    StreamExecutionEnvironment env = environment();
    CloseableIterator<OutputRecord> records =
        Fraud.apply(source(env, events), TestingPurchases.settings()).collectAsync();
    JobClient job = env.executeAsync("fraud");
    List<String> actual = new ArrayList<>();
    records.forEachRemaining(record -> actual.add(outputAndValue(record)));

    events.remove(late);
    List<String> expected = new ArrayList<>(model(events));
    assertTrue(expected.size() > 300, expected.size() + " alerts");
    expected.add(
        "late-events late {\"analysis\":\"fraud-alerts\",\"late_by_ms\":%d,\"event\":%s}"
            .formatted(latestTimestamp(events) - DISORDER - 1 - START, late));
    assertEquals(expected.stream().sorted().toList(), actual.stream().sorted().toList());

    Map<String, Object> counts = job.getJobExecutionResult().get().getAllAccumulatorResults();
    long purchases = events.stream().filter(e -> e.action() == Action.PURCHASE).count();
    assertTrue(purchases > 0 && purchases < EVENTS);
    assertEquals(purchases, counts.get("accounting.fraud-alerts.used"));
    assertEquals(1L, counts.get("accounting.fraud-alerts.late"));
    assertEquals(0L, counts.get("accounting.fraud-alerts.held"));
    assertEquals(EVENTS - purchases, counts.get("accounting.fraud-alerts.not-relevant"));
  }

  private static String outputAndValue(OutputRecord record) {
    return record.output()
        + " "
        + new String(record.key(), StandardCharsets.UTF_8)
        + " "
        + new String(record.value(), StandardCharsets.UTF_8);
  }

  /** As strict as the blocks are: no step without uid, no type without serializer. */
  private static StreamExecutionEnvironment environment() {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    return StreamExecutionEnvironment.createLocalEnvironment(4, configuration);
  }

  private static DataStream<Event> source(StreamExecutionEnvironment env, List<Event> events) {
    return env.fromData(events, Event.TYPE)
        .uid("events")
        .assignTimestampsAndWatermarks(
            WatermarkStrategy.<Event>forGenerator(context -> new BehindTheLatest())
                .withTimestampAssigner((event, timestamp) -> event.timestamp()))
        .setParallelism(1)
        .uid("watermarks");
  }

  /** After each event at once, so that lateness depends on the events alone. */
  private static final class BehindTheLatest implements WatermarkGenerator<Event> {
    private long latest = Long.MIN_VALUE + DISORDER + 1;

    @Override
    public void onEvent(Event event, long timestamp, WatermarkOutput output) {
      latest = Math.max(latest, timestamp);
      output.emitWatermark(new Watermark(latest - DISORDER - 1));
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      // Nothing is left to say.
    }
  }

  /** Out of order within the bound, with many events of one user at the same millisecond. */
  private static List<Event> traffic(Random random) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      long now = START + i * 60L;
      long time = Math.max(START, now - random.nextInt(DISORDER - 1_000));
      events.add(
          TestingPurchases.event(
              random.nextInt(3) == 0 ? "purchase" : "view",
              "\u00fcser-" + random.nextInt(60),
              "e" + random.nextInt(100),
              List.of("0.99", "1", "25", "12.123456", "99.9", "500", "9999").get(random.nextInt(7)),
              random.nextInt(5) == 0 ? null : "10.0.0." + random.nextInt(5),
              random.nextInt(10) == 0 ? Math.max(START, time / 1_000 * 1_000) : time));
    }
    return events;
  }

  private static long latestTimestamp(List<Event> events) {
    return events.stream().mapToLong(Event::timestamp).max().getAsLong();
  }

  private static List<String> model(List<Event> events) {
    Map<String, List<Event>> users =
        events.stream()
            .filter(event -> event.action() == Action.PURCHASE)
            .collect(Collectors.groupingBy(Event::userId));
    List<String> records = new ArrayList<>();
    users.forEach(
        (user, purchases) ->
            TestingNaiveRules.alerts(purchases, TestingPurchases.YEARS)
                .forEach(alert -> records.add("fraud-alerts " + user + " " + alert)));
    return records;
  }
}
