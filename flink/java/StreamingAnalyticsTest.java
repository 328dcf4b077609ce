package io.flinkblocks.blocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.config.Settings;
import io.flinkblocks.job.JobEnvironment;
import io.flinkblocks.job.Sinks;
import io.flinkblocks.source.Intake;
import io.flinkblocks.source.TestingPartitions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workflow with a source and sinks of one's own, as whoever copies the block would test it. */
class StreamingAnalyticsTest {
  private static final long MAX_OUT_OF_ORDERNESS = 5_000;

  @TempDir Path folder;

  private Settings settings(String... more) {
    String[] argv = {"--parallelism", "1", "--checkpoint-path", folder.toString()};
    List<String> all = new ArrayList<>(List.of(argv));
    all.addAll(List.of(more));
    return FlinkCommon.parse(all.toArray(String[]::new), Map.of(), "streaming_analytics");
  }

  /** Runs the block on partitions of JSON events; gives its records as "output key value". */
  private List<String> run(Settings settings, List<List<String>> partitions) throws Exception {
    List<List<byte[]>> bytes =
        partitions.stream()
            .map(p -> p.stream().map(json -> json.getBytes(UTF_8)).toList())
            .toList();
    TestingPartitions source = TestingPartitions.of(MAX_OUT_OF_ORDERNESS, bytes);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(JobEnvironment.of(settings));
    List<DataStream<Row>> collected = new ArrayList<>();
    StreamingAnalytics.defineWorkflow(
        env,
        here -> Intake.of(source.stream(here, 1)),
        streams -> collected.add(Sinks.rows(streams)),
        settings);
    List<String> records = new ArrayList<>();
    try (CloseableIterator<Row> rows = collected.get(0).executeAndCollect()) {
      rows.forEachRemaining(
          row -> records.add(row.getField(0) + " " + row.getField(1) + " " + row.getField(2)));
    }
    return records.stream().sorted().toList();
  }

  private static List<String> of(List<String> records, String... outputs) {
    return records.stream()
        .filter(r -> List.of(outputs).contains(r.substring(0, r.indexOf(' '))))
        .toList();
  }

  private static String event(String action, long timestamp, String price) {
    return String.format(
        "{\"event_id\":\"e\",\"user_id\":\"u\",\"session_id\":\"s\",\"product_id\":\"p\","
            + "\"category\":\"toys\",\"action\":\"%s\",\"price\":%s,\"quantity\":1,"
            + "\"timestamp\":%d}",
        action, price, timestamp);
  }

  private static String revenue(long start, String total, int orders, String average, String max) {
    return String.format(
        "revenue-metrics toys {\"window_key\":\"toys\",\"window_start\":%d,\"window_end\":%d,"
            + "\"total_revenue\":%s,\"order_count\":%d,\"unique_users\":1,"
            + "\"avg_order_value\":%s,\"max_order_value\":%s}",
        start, start + 60_000, total, orders, average, max);
  }

  @Test
  void purchasesAreSummedByCategoryAndMinute() throws Exception {
    List<String> first =
        List.of(event("purchase", 60_000, "10"), event("view", 61_000, "99"), "{\"no\": 1}");
    List<String> second =
        List.of(event("purchase", 119_999, "5.5"), event("purchase", 120_000, "1"));
    assertEquals(
        List.of(
            "dead-letter null {\"no\": 1}",
            revenue(120_000, "1.00", 1, "1.00", "1.00"),
            revenue(60_000, "15.50", 2, "7.75", "10.00")),
        of(run(settings(), List.of(first, second)), "dead-letter", "revenue-metrics"));
  }

  @Test
  void aLateEventIsTold() throws Exception {
    String late = event("purchase", 61_000, "5");
    List<String> events =
        List.of(event("purchase", 60_000, "10"), event("view", 200_000, "1"), late);
    assertEquals(
        List.of(
            "late-events u {\"analysis\":\"fraud-alerts\",\"late_by_ms\":133999,\"event\":"
                + late
                + "}",
            "late-events u {\"analysis\":\"revenue-metrics\",\"late_by_ms\":133999,\"event\":"
                + late
                + "}",
            revenue(60_000, "10.00", 1, "10.00", "10.00")),
        of(run(settings(), List.of(events)), "late-events", "revenue-metrics"));
  }

  @Test
  void withinTheAllowedLatenessTheWindowIsCorrected() throws Exception {
    List<String> events =
        List.of(
            event("purchase", 60_000, "10"),
            event("view", 200_000, "1"),
            event("purchase", 61_000, "5"));
    assertEquals(
        List.of(
            revenue(60_000, "10.00", 1, "10.00", "10.00"),
            revenue(60_000, "15.00", 2, "7.50", "10.00")),
        of(run(settings("--allowed-lateness", "2min"), List.of(events)), "revenue-metrics"));
  }

  @Test
  void fiveAnalysesSeeTheSameEvents() throws Exception {
    List<String> events = List.of(event("view", 60_000, "1"), event("purchase", 61_000, "1000"));
    List<String> records = run(settings("--popularity-window", "1min"), List.of(events));
    assertEquals(
        List.of(
            "analytics-results toys {\"type\":\"product_popularity\",\"category\":\"toys\","
                + "\"window_start\":60000,\"window_end\":120000,\"rank\":1,\"product_id\":\"p\","
                + "\"score\":6,\"views\":1,\"add_to_carts\":0,\"purchases\":1,\"unique_users\":1}",
            "high-value-transactions u {\"event_id\":\"e\",\"user_id\":\"u\","
                + "\"product_id\":\"p\",\"category\":\"toys\",\"amount\":1000.00,"
                + "\"timestamp\":61000}",
            revenue(60_000, "1000.00", 1, "1000.00", "1000.00"),
            "user-sessions u {\"user_id\":\"u\",\"session_start\":60000,\"session_end\":61000,"
                + "\"duration_ms\":1000,\"event_count\":2,"
                + "\"actions\":{\"purchase\":1,\"view\":1},\"unique_products\":1,"
                + "\"purchase_count\":1,\"revenue\":1000.00,\"converted\":true}"),
        records);
  }

  @Test
  void noEventGivesNoRecord() throws Exception {
    assertEquals(List.of(), run(settings(), List.of(List.of())));
  }
}
