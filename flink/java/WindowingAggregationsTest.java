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
class WindowingAggregationsTest {
  private static final long MAX_OUT_OF_ORDERNESS = 5_000;
  private static final long MINUTE = 60_000;
  // A window of any type begins here.
  private static final long START = 60 * MINUTE;

  @TempDir Path folder;

  private Settings settings(String... more) {
    String[] argv = {"--parallelism", "1", "--checkpoint-path", folder.toString()};
    List<String> all = new ArrayList<>(List.of(argv));
    all.addAll(List.of(more));
    return FlinkCommon.parse(all.toArray(String[]::new), Map.of(), "windowing_aggregations");
  }

  /** Runs the block on JSON events, in their order; gives its records as "output key value". */
  private List<String> run(Settings settings, String... events) throws Exception {
    List<byte[]> bytes = List.of(events).stream().map(json -> json.getBytes(UTF_8)).toList();
    TestingPartitions source = TestingPartitions.of(MAX_OUT_OF_ORDERNESS, List.of(bytes));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(JobEnvironment.of(settings));
    List<DataStream<Row>> collected = new ArrayList<>();
    WindowingAggregations.defineWorkflow(
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

  private static List<String> outputs(List<String> records) {
    return records.stream().map(r -> r.substring(0, r.indexOf(' '))).distinct().toList();
  }

  private static String event(String id, String action, long timestamp, String price) {
    return String.format(
        "{\"event_id\":\"%s\",\"user_id\":\"u\",\"session_id\":\"s\",\"product_id\":\"p\","
            + "\"category\":\"toys\",\"action\":\"%s\",\"price\":%s,\"quantity\":2,"
            + "\"timestamp\":%d}",
        id, action, price, timestamp);
  }

  private static String tumbling(long start, String measures) {
    return String.format(
        "windowing-tumbling toys"
            + " {\"window_key\":\"toys\",\"window_start\":%d,\"window_end\":%d,%s}",
        start, start + 2 * MINUTE, measures);
  }

  private static final String[] CONVERSION = {
    event("a", "view", START, "10"),
    event("b", "add_to_cart", START + 1, "10"),
    event("c", "purchase", START + 2, "4")
  };

  private static final String[] LATE = {
    event("a", "purchase", START, "10"),
    event("b", "view", START + 10 * MINUTE, "1"),
    event("c", "purchase", START + 1, "4.5"),
  };
  private static final String FIRST =
      tumbling(
          START,
          "\"event_count\":1,\"purchase_count\":1,\"unique_users\":1,\"revenue\":20.00,"
              + "\"avg_price\":10.00,\"min_price\":10.00,\"max_price\":10.00,\"revision\":0");
  private static final String LAST =
      tumbling(
          START + 10 * MINUTE,
          "\"event_count\":1,\"purchase_count\":0,\"unique_users\":1,\"revenue\":0.00,"
              + "\"avg_price\":1.00,\"min_price\":1.00,\"max_price\":1.00,\"revision\":0");

  @Test
  void eachTypeIsAnOutput() throws Exception {
    List<String> all =
        List.of(
            "windowing-global",
            "windowing-multi_level",
            "windowing-pattern",
            "windowing-session",
            "windowing-sliding",
            "windowing-tumbling");
    assertEquals(all, outputs(run(settings(), CONVERSION)));
    assertEquals(all, WindowingAggregations.results(settings()).stream().sorted().toList());
  }

  @Test
  void onlyTheTypesThatAreAskedForAreComputed() throws Exception {
    Settings two = settings("--window-types", "pattern,tumbling");
    assertEquals(
        List.of(
            "windowing-pattern u {\"pattern\":\"conversion\",\"user_id\":\"u\","
                + "\"product_id\":\"p\",\"window_start\":3600000,\"window_end\":4200000,"
                + "\"event_ids\":[\"a\",\"b\",\"c\"]}",
            tumbling(
                START,
                "\"event_count\":3,\"purchase_count\":1,\"unique_users\":1,\"revenue\":8.00,"
                    + "\"avg_price\":8.00,\"min_price\":4.00,\"max_price\":10.00,\"revision\":0")),
        run(two, CONVERSION));
    assertEquals(
        List.of("windowing-tumbling", "windowing-pattern"), WindowingAggregations.results(two));
    assertEquals(
        List.of("windowing-tumbling", "windowing-pattern", "windowing-pattern-spike"),
        WindowingAggregations.analyses(two));
    assertEquals(
        List.of("windowing-session"),
        WindowingAggregations.analyses(settings("--window-types", "session")));
  }

  @Test
  void aLateEventIsTold() throws Exception {
    String late =
        "late-events u {\"analysis\":\"windowing-tumbling\",\"late_by_ms\":594998,\"event\":"
            + LATE[2]
            + "}";
    assertEquals(
        List.of(late, FIRST, LAST).stream().sorted().toList(),
        run(settings("--window-types", "tumbling"), LATE));
  }

  @Test
  void orDropped() throws Exception {
    assertEquals(
        List.of(FIRST, LAST).stream().sorted().toList(),
        run(settings("--window-types", "tumbling", "--late-policy", "drop"), LATE));
  }

  @Test
  void withinTheAllowedLatenessTheWindowIsCorrected() throws Exception {
    String corrected =
        tumbling(
            START,
            "\"event_count\":2,\"purchase_count\":2,\"unique_users\":1,\"revenue\":29.00,"
                + "\"avg_price\":7.25,\"min_price\":4.50,\"max_price\":10.00,\"revision\":1");
    assertEquals(
        List.of(FIRST, corrected, LAST).stream().sorted().toList(),
        run(settings("--window-types", "tumbling", "--allowed-lateness", "10min"), LATE));
  }

  @Test
  void noEventGivesNoRecord() throws Exception {
    assertEquals(List.of(), run(settings()));
  }
}
