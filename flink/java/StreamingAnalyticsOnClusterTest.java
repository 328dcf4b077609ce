package io.flinkblocks.blocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkblocks.config.Settings;
import io.flinkblocks.job.Sinks;
import io.flinkblocks.run.Block;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With --target: the job goes to a cluster, in the jar that is built for that. */
class StreamingAnalyticsOnClusterTest {
  private static final Block BLOCK =
      new Block("//x", StreamingAnalytics.RESULTS, StreamingAnalytics::defineWorkflow);
  private static MiniCluster cluster;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(2)
                .withRandomPorts()
                .build());
    cluster.start();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private JsonNode run(int exitCode, String... more) throws Exception {
    var rest = cluster.getRestAddress().get();
    List<String> argv =
        new ArrayList<>(
            List.of(
                "--target",
                rest.getHost() + ":" + rest.getPort(),
                "--parallelism",
                "2",
                "--console",
                "json",
                "--output-path",
                folder.resolve("out").toString(),
                "--checkpoint-path",
                folder.resolve("state").toString()));
    argv.addAll(List.of(more));
    String[] words = argv.toArray(String[]::new);
    Settings settings = FlinkCommon.parse(words, Map.of(), "streaming_analytics");
    PrintStream terminal = System.out;
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    System.setOut(new PrintStream(shown, true));
    try {
      assertEquals(exitCode, BLOCK.run(settings, words), shown::toString);
    } finally {
      System.setOut(terminal);
    }
    List<String> lines = shown.toString().lines().toList();
    JsonNode summary = new ObjectMapper().readTree(lines.get(lines.size() - 1));
    assertEquals("summary", summary.get("type").asText());
    return summary;
  }

  private long recordsOf(String output) throws IOException {
    long records = 0;
    try (Stream<Path> files = Files.list(folder.resolve("out").resolve(output))) {
      for (Path file : files.toList()) {
        records += Files.readAllLines(file).size();
      }
    }
    return records;
  }

  /** Records by output, as the summary counted them; the files have to hold as many. */
  private Map<String, Long> counted(JsonNode summary) throws IOException {
    Map<String, Long> counted = new TreeMap<>();
    Map<String, Long> written = new TreeMap<>();
    for (JsonNode output : summary.get("outputs")) {
      String name = output.get("name").asText();
      counted.put(name, output.get("records").asLong());
      written.put(name, recordsOf(name));
    }
    assertEquals(counted, written);
    assertEquals(Sinks.outputs(StreamingAnalytics.RESULTS), counted.keySet());
    return counted;
  }

  @Test
  void runsToItsEnd() throws Exception {
    String flags = "--records 2000 --late-events 0.1 --invalid-records 0.1 --fraud-episodes 0.1";
    JsonNode summary = run(0, flags.split(" "));
    assertEquals("FINISHED", summary.get("ended").asText());
    assertTrue(summary.at("/accounting/adds_up").asBoolean());
    assertEquals(2000, summary.at("/accounting/read").asLong());
    Map<String, Long> counted = counted(summary);
    assertTrue(counted.values().stream().allMatch(records -> records > 0), counted::toString);
  }

  @Test
  void isDrainedAtTheEndOfItsDuration() throws Exception {
    JsonNode summary = run(0, "--duration", "1s", "--rate", "500");
    assertEquals("DRAINED", summary.get("ended").asText());
    assertTrue(summary.at("/accounting/adds_up").asBoolean());
    assertTrue(counted(summary).get("revenue-metrics") > 0);
    assertTrue(Files.notExists(folder.resolve("state/drained")));
  }
}
