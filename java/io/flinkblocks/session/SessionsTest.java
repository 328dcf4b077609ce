package io.flinkblocks.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

class SessionsTest {
  private static final int EVENTS = 5_000;
  private static final long DISORDER = 5_000;
  private static final long TIMEOUT = 30_000;
  private static final long START = 1_700_000_040_000L;

  @Test
  void aJobOfFourSubtasksEqualsTheSessionsOfTheSortedEvents() throws Exception {
    List<Event> events = traffic(new Random(7));
    Event late = TestingVisits.event("late", "user-1", "p", "view", BigDecimal.TEN, 1, 1_000);
    events.add(late);

    StreamExecutionEnvironment env = environment();
    Settings settings =
        Settings.of(Map.of("allowed-lateness", "0", "session-timeout", Long.toString(TIMEOUT)));
    CloseableIterator<OutputRecord> records =
        Sessions.apply(source(env, events), settings).collectAsync();
    JobClient job = env.executeAsync("sessions");
    List<String> actual = new ArrayList<>();
    records.forEachRemaining(
        record -> actual.add(new String(record.value(), StandardCharsets.UTF_8)));

    events.remove(late);
    List<String> expected = new ArrayList<>(TestingVisits.sessions(events, TIMEOUT));
    assertTrue(
        expected.size() > 100 && expected.size() < EVENTS / 2, expected.size() + " sessions");
    expected.add(
        "{\"analysis\":\"user-sessions\",\"late_by_ms\":%d,\"event\":%s}"
            .formatted(latestTimestamp(events) - DISORDER - 1 - 1_000, late));
    assertEquals(expected.stream().sorted().toList(), actual.stream().sorted().toList());

    Map<String, Object> counts = job.getJobExecutionResult().get().getAllAccumulatorResults();
    assertEquals((long) EVENTS, counts.get("accounting.user-sessions.used"));
    assertEquals(1L, counts.get("accounting.user-sessions.late"));
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

  /** Ten minutes of events, out of order within the bound, some of them a timeout apart. */
  private static List<Event> traffic(Random random) {
    List<String> actions =
        List.of("view", "view", "add_to_cart", "purchase", "share", "Purchase", "\"odd\"");
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      long now = START + i * 120L;
      // Multiples of the timeout, when they are near enough.
      long toGrid = Math.floorMod(now, TIMEOUT);
      long back = toGrid < DISORDER ? toGrid : random.nextInt((int) DISORDER);
      events.add(
          TestingVisits.event(
              "e" + i,
              "user-" + random.nextInt(300),
              "product-" + random.nextInt(20),
              actions.get(random.nextInt(actions.size())),
              BigDecimal.valueOf(random.nextInt(200_000_000), 6),
              1 + random.nextInt(4),
              now - back));
    }
    return events;
  }

  private static long latestTimestamp(List<Event> events) {
    return events.stream().mapToLong(Event::timestamp).max().getAsLong();
  }
}
