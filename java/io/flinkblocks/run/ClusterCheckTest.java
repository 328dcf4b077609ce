package io.flinkblocks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkblocks.console.Check;
import io.flinkblocks.console.FlinkRest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterCheckTest {
  private static Check check(String overview, String config, int parallelism)
      throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper();
    return ClusterCheck.of(
        "http://h:1",
        mapper.readTree(overview.replace('\'', '"')),
        mapper.readTree(config.replace('\'', '"')),
        parallelism,
        "2.2.1");
  }

  private static String overview(String version, int free, int total) {
    return String.format(
        "{'flink-version': '%s', 'slots-available': %d, 'slots-total': %d}", version, free, total);
  }

  @Test
  void oneThatWillDo() throws JsonProcessingException {
    assertEquals(
        Check.ok("cluster", "Flink 2.2.0 at http://h:1, 4 of 8 slots free"),
        check(overview("2.2.0", 4, 8), "[]", 4));
    assertEquals(
        Check.ok("cluster", "Flink 2.2.0 at http://h:1, 3 of 8 slots free; the job waits for 4"),
        check(overview("2.2.0", 3, 8), "[]", 4));
  }

  @ParameterizedTest
  @CsvSource({
    "2.1.0, 8, use a cluster of Flink 2.2",
    "2.2.1, 2, 'give --parallelism 2 or less, or start TaskManagers'",
    "2.2.1, 0, start TaskManagers"
  })
  void oneThatWillNot(String version, int slots, String cure) throws JsonProcessingException {
    Check check = check(overview(version, slots, slots), "[]", 4);
    assertEquals(cure, check.cure());
    assertTrue(!check.ok() && check.detail().contains(", but "), check::detail);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{'key': 'jobmanager.scheduler', 'value': 'Adaptive'}]",
        "[{'key': 'kubernetes.cluster-id', 'value': 'x'}]"
      })
  void oneThatGrows(String config) throws JsonProcessingException {
    assertTrue(check(overview("2.2.1", 0, 0), config, 4).ok());
  }

  @Test
  void somethingElse() throws JsonProcessingException {
    assertEquals("http://h:1 answers, but not as Flink does", check("{}", "{}", 1).detail());
    assertEquals(
        "http://127.0.0.1:1 does not answer",
        ClusterCheck.of(new FlinkRest("127.0.0.1:1"), 1).detail());
  }
}
