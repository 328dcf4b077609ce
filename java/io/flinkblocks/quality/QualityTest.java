package io.flinkblocks.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.cdc.Change;
import io.flinkblocks.config.Settings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class QualityTest {
  private static final int STATEMENTS = 1_500;

  @Test
  void aJobTellsWhatIsWrong() throws Exception {
    List<Change> history = history(new Random(11));
    List<String> expected = new ArrayList<>(TestingModel.alerts(history));
    for (Change change : history) {
      addMalformed(change, expected);
    }
    TestingShop drift = new TestingShop();
    Change before = drift.write("x'; DROP TABLE users;--", 1, "\"a\":1");
    Change after = drift.pass(1).write("x'; DROP TABLE users;--", 1, "\"a\":\"1\"");
    history.addAll(List.of(before, after));
    expected.add("schema_drift: a \"string\" was number before @1000001");

    List<String> alerts = alerts(history);
    assertEquals(expected.stream().sorted().toList(), alerts);
    for (Rule rule : TestingRules.ofMemory()) {
      assertTrue(alerts.stream().anyMatch(a -> a.startsWith(rule.name())), rule.name());
    }
  }

  private static void addMalformed(Change change, List<String> expected) {
    boolean isNew = change.table().equals("users") && change.after() != null;
    String email = isNew ? change.after().text("email") : "";
    boolean isSame = change.before() != null && email.equals(change.before().text("email"));
    if (isNew && !isSame && !email.contains("@")) {
      expected.add(
          "malformed_email: %s \"%s\" is no e-mail address @%d"
              .formatted(change.after().text("id"), email, change.time()));
    }
  }

  /** Some rows that change often. */
  private static List<Change> history(Random random) {
    TestingShop shop = new TestingShop();
    List<Change> history = new ArrayList<>();
    for (int i = 0; i < STATEMENTS; i++) {
      shop.pass(random.nextInt(10) == 0 ? random.nextInt(15_000) : random.nextInt(50));
      String table = List.of("users", "products", "orders", "orders").get(random.nextInt(4));
      int id = random.nextInt(30);
      if (random.nextInt(4) > 0) {
        history.add(shop.write(table, id, fields(table, random)));
      } else if (shop.has(table, id)) {
        history.add(shop.delete(table, id));
      }
    }
    return history;
  }

  private static String fields(String table, Random random) {
    return switch (table) {
      case "users" -> "\"email\":\"%d%s\"".formatted(random.nextInt(20), email(random));
      case "products" -> "\"price\":%d.00".formatted(1 + random.nextInt(3));
      default ->
          "\"user_id\":%d,\"product_id\":%d,\"quantity\":%d,\"amount\":%d.00"
              .formatted(
                  random.nextInt(32),
                  random.nextInt(32),
                  1 + random.nextInt(2),
                  1 + random.nextInt(4));
    };
  }

  private static String email(Random random) {
    return List.of("@b.de", "@B.de", "'; DROP TABLE users;--").get(random.nextInt(3));
  }

  /** The alerts of a job of four subtasks, sorted. */
  private static List<String> alerts(List<Change> history) throws Exception {
    Configuration strict = new Configuration();
    strict.set(PipelineOptions.GENERIC_TYPES, false);
    strict.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    strict.set(PipelineOptions.OBJECT_REUSE, true);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(4, strict);
    DataStream<Change> rows =
        env.fromData(history, Change.TYPE)
            .uid("changes")
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Change>forBoundedOutOfOrderness(Duration.ofDays(1))
                    .withTimestampAssigner((change, timestamp) -> change.time()))
            .setParallelism(1)
            .uid("watermarks")
            .keyBy(QualityTest::row, Types.STRING)
            .map(change -> change, Change.TYPE)
            .uid("rows");
    Settings settings = Settings.of(Map.of("quality-grace", Long.toString(TestingChecks.GRACE)));
    return Quality.apply(rows, settings).executeAndCollect(1_000_000).stream()
        .map(TestingQuality::text)
        .sorted()
        .toList();
  }

  private static String row(Change change) {
    return change.table() + new String(change.key(), StandardCharsets.UTF_8);
  }
}
