package io.flinkblocks.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other tests rely on: the scripted order, the watermarks, restarts. */
class TestingPartitionsTest {
  private static final long START = 1_700_000_000_000L;

  @TempDir Path folder;

  private static List<List<byte[]>> partitions(int partitions, int records, long apart) {
    List<List<byte[]>> all = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      List<byte[]> bytes = new ArrayList<>();
      for (int i = 0; i < records; i++) {
        bytes.add(TestingEvents.bytes(partition + "-" + i, START + partition * apart + i * 100L));
      }
      all.add(bytes);
    }
    return all;
  }

  private List<String> seen(TestingPartitions source) throws Exception {
    TestingRun run = TestingRun.of("partitions", folder);
    StreamExecutionEnvironment env = run.environment(1);
    run.attach(source.stream(env, 1));
    run.toEnd(env);
    return run.seen();
  }

  @Test
  void oneReaderFollowsTheScript() throws Exception {
    TestingPartitions source = TestingPartitions.of(0, partitions(2, 3, 0));

    assertEquals(List.of("0-0", "1-0", "0-1", "1-1", "0-2", "1-2"), seen(source));
    assertEquals(
        List.of("1-0", "1-1", "0-0", "1-2", "0-1", "0-2"), seen(source.inOrder(1, 1, 0, 1)));
    assertThrows(IllegalArgumentException.class, () -> source.inOrder(1, 1, 1, 1));
  }

  @Test
  void shuffleIsAFunctionOfTheSeed() throws Exception {
    TestingPartitions source = TestingPartitions.of(0, partitions(3, 100, 0));
    List<String> one = seen(source.shuffled(1));

    assertEquals(300, one.stream().distinct().count());
    assertEquals(one, seen(source.shuffled(1)));
    assertNotEquals(one, seen(source.shuffled(2)));
  }

  @Test
  void eachPartitionHasAWatermarkOfItsOwn() throws Exception {
    // Partition 0 is read to its end before partition 1, which is an hour behind, is begun.
    List<List<byte[]>> partitions = partitions(2, 2, -3_600_000);
    assertEquals(
        List.of("0-0", "0-1", "1-0", "1-1"),
        seen(TestingPartitions.of(0, partitions).inOrder(0, 0, 1, 1)));

    // An event behind its own partition's watermark is late, unless another holds it back.
    List<byte[]> behind = List.of(partitions.get(0).get(1), partitions.get(0).get(0));
    assertEquals(List.of("0-1", "late 0-0"), seen(TestingPartitions.of(0, List.of(behind))));
    assertEquals(
        List.of("0-1", "0-0", "1-0", "1-1"),
        seen(TestingPartitions.of(0, List.of(behind, partitions.get(1))).inOrder(0, 0, 1, 1)));
  }

  @Test
  void failureLosesAndDoublesNothing() throws Exception {
    List<List<byte[]>> partitions = partitions(4, 1_000, 50_000);
    partitions.get(0).add("{".getBytes(UTF_8));
    for (int parallelism : new int[] {1, 3}) {
      TestingRun run = TestingRun.of("failure-" + parallelism, folder).failingAfter(300);
      StreamExecutionEnvironment env = run.environment(parallelism);
      run.attach(TestingPartitions.of(0, partitions).shuffled(5).stream(env, parallelism));

      assertEquals(
          Map.of(
              "read", 4_001L, "valid", 4_000L, "dead-lettered", 1L, "dead-lettered.not_json", 1L),
          run.toEnd(env));
      assertEquals(4_000, run.seen().stream().distinct().count());
      assertEquals(4_000, run.seen().size());
      assertEquals(0, run.seen().stream().filter(event -> event.startsWith("late")).count());
    }
  }
}
