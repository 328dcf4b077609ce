package io.flinkblocks.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.analytics.TestingShop.User;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.config.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyticsTest {
  private static final String PASSWORD = "planted-secret-7Qx";

  @TempDir Path folder;

  @Test
  void aRowsChangesStayInOneTaskUpToTheDatabase() throws Exception {
    Set<String> tasks = new TreeSet<>();
    for (JobVertex vertex : graph().getVertices()) {
      tasks.add(vertex.getName() + " x" + vertex.getParallelism());
    }
    assertEquals(
        Set.of(
            "Source: changes -> (customer-analytics-deltas, product-analytics-deltas) x1",
            "customer-analytics-totals -> customer-analytics-coalesce ->"
                + " customer-analytics: Writer x3",
            "product-analytics-totals -> product-analytics-coalesce ->"
                + " product-analytics: Writer x3"),
        tasks);
  }

  @Test
  void thePasswordIsNotInTheJobGraph() throws Exception {
    String all =
        new String(InstantiationUtil.serializeObject(graph()), StandardCharsets.ISO_8859_1);
    assertTrue(all.contains("jdbc:postgresql://127.0.0.1:1/analytics"));
    assertFalse(all.contains(PASSWORD));
  }

  private JobGraph graph() throws Exception {
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(3, configuration);
    List<Change> changes = new TestingShop().put(new User(1, "gold", "e"));
    DataStream<Change> rows =
        env.fromData(changes, Change.TYPE).name("changes").uid("changes").setParallelism(1);
    Settings settings =
        Settings.of(
            Map.of(
                "app-name",
                "shop",
                "write-interval",
                "200",
                "analytics-jdbc-url",
                "jdbc:postgresql://127.0.0.1:1/analytics",
                "analytics-postgres-password-file",
                password.toString()));
    Analytics.write(Customers.apply(rows, settings), Products.apply(rows, settings), settings);
    return env.getStreamGraph(false).getJobGraph();
  }
}
