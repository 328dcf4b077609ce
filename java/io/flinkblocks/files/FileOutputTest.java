package io.flinkblocks.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.output.DeadLetters;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.sink.TestingProcess;
import io.flinkblocks.sink.TestingRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOutputTest {
  private static final long COUNT = 3000;
  private static final long CHECKPOINT_MS = 100;

  @TempDir private Path temp;

  @Test
  void everyRecordIsVisibleOnceInItsOutputsFolder() throws Exception {
    assertCounted(run(temp, CHECKPOINT_MS, Optional.empty()));
    assertAllThere();
  }

  @Test
  void failuresLoseAndDoubleNothing() throws Exception {
    TestingRecords.injectFaults();
    JobExecutionResult result = run(temp, CHECKPOINT_MS, Optional.empty());
    assertTrue(TestingRecords.faultsHappened());
    assertCounted(result);
    assertAllThere();
  }

  @Test
  void aRunThatWasKilledIsResumed() throws Exception {
    Process job = TestingProcess.start(Job.class, temp.toString(), "1000");
    TestingProcess.await(job, () -> hasFile("revenue-metrics/s"));
    job.destroyForcibly().waitFor();
    Optional<Path> checkpoint = TestingProcess.latestCheckpoint(temp.resolve("checkpoints"));
    assertTrue(checkpoint.isPresent());
    assertCounted(run(temp, CHECKPOINT_MS, checkpoint));
    assertAllThere();
  }

  @Test
  void whatAKillBeforeTheFirstCheckpointLeavesIsHiddenAndTheNextRunDeletesIt() throws Exception {
    Process job = TestingProcess.start(Job.class, temp.toString(), "3600000");
    TestingProcess.await(job, () -> hasFile("revenue-metrics/.s"));
    job.destroyForcibly().waitFor();
    assertEquals(Map.of(), visible());
    run(temp, CHECKPOINT_MS, Optional.empty());
    assertAllThere();
    assertEquals(List.of(), files().stream().filter(f -> f.contains("inprogress")).toList());
  }

  /** The same job in a process of its own. */
  static final class Job {
    /** Takes the folder of the test and the checkpoint interval in ms. */
    public static void main(String[] args) throws Exception {
      run(Path.of(args[0]), Long.parseLong(args[1]), Optional.empty());
    }
  }

  private static JobExecutionResult run(Path temp, long interval, Optional<Path> checkpoint)
      throws Exception {
    Map<String, String> settings = new TreeMap<>();
    settings.put("app-name", "app");
    settings.put("block", "shop");
    settings.put("output-path", temp + "/out");
    checkpoint.ifPresent(path -> settings.put("from-savepoint", path.toString()));
    StreamExecutionEnvironment env = TestingRecords.environment(2, temp + "/checkpoints");
    env.enableCheckpointing(interval);
    checkpoint.ifPresent(path -> TestingRecords.resume(env, path));
    FileOutput.write(
        TestingRecords.stream(env, COUNT), TestingRecords.OUTPUTS, Settings.of(settings));
    return env.execute("files");
  }

  /** The counts are part of the checkpoints: they say what is in the files, not what was tried. */
  private static void assertCounted(JobExecutionResult result) {
    for (String output : TestingRecords.OUTPUTS) {
      assertEquals(
          TestingRecords.of(output, COUNT).size(),
          (Long) result.getAccumulatorResult("accounting.output." + output));
    }
  }

  private void assertAllThere() throws IOException {
    Map<String, List<String>> expected = new TreeMap<>();
    for (String output : TestingRecords.OUTPUTS) {
      expected.put(
          output,
          TestingRecords.of(output, COUNT).stream().map(FileOutputTest::line).sorted().toList());
    }
    assertEquals(expected, visible());
  }

  /** The lines of each output's folder, sorted, as a reader sees them who skips hidden files. */
  private Map<String, List<String>> visible() throws IOException {
    Map<String, List<String>> lines = new TreeMap<>();
    for (String file : files()) {
      String output = file.substring(0, file.indexOf('/'));
      if (file.charAt(output.length() + 1) != '.') {
        lines
            .computeIfAbsent(output, missing -> new ArrayList<>())
            .addAll(Files.readAllLines(temp.resolve("out").resolve(file)));
      }
    }
    lines.values().forEach(Collections::sort);
    return lines;
  }

  private static String line(OutputRecord record) {
    return record.output().equals(OutputRecord.DEAD_LETTER)
        ? new String(DeadLetters.toJsonLine(record), UTF_8)
        : new String(record.value(), UTF_8).replaceAll("[\r\n]", " ");
  }

  private boolean hasFile(String prefix) {
    return files().stream().anyMatch(file -> file.startsWith(prefix));
  }

  /** {@code <output>/<file>} of all files. */
  private List<String> files() {
    List<String> files = new ArrayList<>();
    for (String output : TestingRecords.OUTPUTS) {
      String[] names = temp.resolve("out").resolve(output).toFile().list();
      for (String name : names == null ? new String[0] : names) {
        files.add(output + "/" + name);
      }
    }
    return files;
  }
}
