package io.flinkblocks.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.cdc.Cause;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Mark;
import io.flinkblocks.cdc.Op;
import io.flinkblocks.cdc.Row;
import io.flinkblocks.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  @Test
  void aJobTellsAUsersStepsInTheirOrder() throws Exception {
    Configuration strict = new Configuration();
    strict.set(PipelineOptions.GENERIC_TYPES, false);
    strict.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    strict.set(PipelineOptions.OBJECT_REUSE, true);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(2, strict);
    DataStream<Change> rows = env.fromData(life(), Change.TYPE).uid("rows");
    Settings settings = Settings.of(Map.of("tiers", "bronze,silver,gold"));

    List<String> types =
        Lifecycle.apply(rows, settings).executeAndCollect(100).stream()
            .map(record -> new String(record.value(), UTF_8).split("\"")[3])
            .toList();
    assertEquals(
        List.of(
            "registered",
            "activated",
            "upgraded",
            "suspended",
            "downgraded",
            "reactivated",
            "deleted"),
        types);
  }

  private static List<Change> life() {
    Row[] images = {
      null,
      user("pending", "bronze"),
      user("active", "gold"),
      user("active", "gold"),
      user("suspended", "silver"),
      user("active", "silver"),
      null
    };
    List<Change> changes = new ArrayList<>();
    for (int i = 1; i < images.length; i++) {
      Op op = images[i - 1] == null ? Op.CREATE : images[i] == null ? Op.DELETE : Op.UPDATE;
      byte[] key = "{\"id\":1}".getBytes(UTF_8);
      changes.add(
          new Change("users", op, Cause.STREAM, Mark.NONE, key, images[i - 1], images[i], i, i, i));
    }
    return changes;
  }

  private static Row user(String status, String tier) {
    String json = "{\"id\":1,\"tier\":\"%s\",\"status\":\"%s\"}".formatted(tier, status);
    return Row.of(json.getBytes(UTF_8));
  }
}
