package io.flinkblocks.cdc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.cdc.TestingDatabase.Step;
import io.flinkblocks.cdc.TestingDatabase.What;
import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.output.DeadLetters;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The changes in files, as a job of four subtasks. */
class ChangesTest {
  private static final String BROKEN = "{\"op\":\"c\",\"after\":{\"id\":\u00ff}}";

  @TempDir Path folder;

  private Settings settings() {
    return Settings.of(Map.of("input-path", folder.toString(), "max-out-of-orderness", "5000"));
  }

  private static StreamExecutionEnvironment environment() {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    return StreamExecutionEnvironment.createLocalEnvironment(4, configuration);
  }

  /** A file for each table, with its changes in order, a tombstone behind none, and rubbish. */
  private void write(TestingDatabase database) throws IOException {
    for (String table : TestingDatabase.TABLES) {
      StringBuilder text = new StringBuilder();
      for (Change change : database.delivered()) {
        if (change.table().equals(table)) {
          text.append(TestingChanges.envelope(change)).append('\n');
        }
      }
      text.append(BROKEN).append("\r\n\n{\"status\":\"BEGIN\",\"id\":\"7:1\"}");
      Files.write(folder.resolve(table + ".jsonl"), text.toString().getBytes(ISO_8859_1));
    }
  }

  private static TestingDatabase history() {
    Random random = new Random(7);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      int dice = random.nextInt(40);
      What what = dice < What.values().length ? What.values()[dice] : What.CHANGE;
      steps.add(new Step(what, random.nextInt(2), random.nextInt(12), random.nextInt(1000)));
    }
    return TestingDatabase.after(steps, true);
  }

  @Test
  void trailHasEveryChangeOnceAndDeadLettersTheirBytes() throws Exception {
    TestingDatabase database = history();
    write(database);
    StreamExecutionEnvironment env = environment();
    Changes changes = Changes.open(env, settings());
    CloseableIterator<OutputRecord> output =
        Audit.apply(changes.rows(), settings()).union(changes.deadLetters()).collectAsync();
    JobClient job = env.executeAsync("changes");
    List<String> trail = new ArrayList<>();
    List<OutputRecord> letters = new ArrayList<>();
    while (output.hasNext()) {
      OutputRecord record = output.next();
      if (record.output().equals(Audit.OUTPUT)) {
        trail.add(new String(record.value(), UTF_8));
      } else {
        letters.add(record);
      }
    }

    assertEquals(
        database.trail().stream()
            .map(change -> new String(Audit.record(change, new JsonWriter()).value(), UTF_8))
            .sorted()
            .toList(),
        trail.stream().sorted().toList());
    assertEquals(2, letters.size());
    for (OutputRecord letter : letters) {
      assertEquals(BROKEN, new String(letter.value(), ISO_8859_1));
      assertTrue(new String(DeadLetters.toJsonLine(letter), UTF_8).contains("not_json"));
    }
    assertAccounts(database, job.getJobExecutionResult().get().getAllAccumulatorResults());
  }

  private static void assertAccounts(TestingDatabase database, Map<String, Object> counts) {
    long delivered = database.delivered().size();
    long used = database.trail().size();
    assertTrue(used < delivered);
    assertEquals(delivered + 4, counts.get("accounting.source.read"));
    assertEquals(delivered + 2, counts.get("accounting.source.valid"));
    assertEquals(2L, counts.get("accounting.source.dead-lettered.not_json"));
    assertEquals(2L, counts.get("accounting.source.skipped.transaction"));
    assertEquals(used, counts.get("accounting.audit-trail.used"));
    assertEquals(delivered + 2 - used, counts.get("accounting.audit-trail.not-relevant"));
  }

  @Test
  void nothingToReadIsNamedWithACure() {
    UserError error = assertThrows(UserError.class, () -> Changes.open(environment(), settings()));
    assertTrue(error.getMessage().contains("--input-path"), error.getMessage());
  }
}
