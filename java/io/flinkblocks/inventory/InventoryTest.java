package io.flinkblocks.inventory;

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

class InventoryTest {
  @Test
  void aJobTellsAProductsAlertsInTheirOrder() throws Exception {
    Configuration strict = new Configuration();
    strict.set(PipelineOptions.GENERIC_TYPES, false);
    strict.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    strict.set(PipelineOptions.OBJECT_REUSE, true);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(2, strict);
    DataStream<Change> rows = env.fromData(sales(9, 5, 3, 0, 7), Change.TYPE).uid("rows");

    List<String> alerts =
        Inventory.apply(rows, Settings.of(Map.of())).executeAndCollect(100).stream()
            .map(record -> new String(record.value(), UTF_8).split("\"")[7])
            .toList();
    assertEquals(List.of("low", "out", "restocked"), alerts);
  }

  /** A product that has these stocks one after the other, and is to be ordered at 5. */
  private static List<Change> sales(int... stocks) {
    List<Change> changes = new ArrayList<>();
    Row before = null;
    for (int stock : stocks) {
      Row after =
          Row.of("{\"id\":1,\"stock\":%d,\"reorder_level\":5}".formatted(stock).getBytes(UTF_8));
      Op op = before == null ? Op.CREATE : Op.UPDATE;
      byte[] key = "{\"id\":1}".getBytes(UTF_8);
      long lsn = changes.size() + 1;
      changes.add(
          new Change("products", op, Cause.STREAM, Mark.NONE, key, before, after, lsn, lsn, lsn));
      before = after;
    }
    return changes;
  }
}
