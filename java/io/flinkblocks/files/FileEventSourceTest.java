package io.flinkblocks.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.source.TestingEvents;
import io.flinkblocks.source.TestingRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.runtime.client.JobExecutionException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The source in an embedded cluster. */
class FileEventSourceTest {
  private static final int FILES = 6;
  private static final int PER_FILE = 2_000;
  private static final long BOUND_MS = 5_000;
  private static final long START = 1_700_000_000_000L;

  @TempDir Path folder;
  private Path input;
  private final List<String> ids = new ArrayList<>();

  @BeforeEach
  void makeInput() throws IOException {
    input = Files.createDirectory(folder.resolve("input"));
  }

  /**
   * Files whose event times follow each other, out of order by up to the bound: read one after the
   * other without regard to the others, whole files would be late.
   */
  private void writeFiles() throws IOException {
    Random random = new Random(3);
    for (int file = 0; file < FILES; file++) {
      StringBuilder text = new StringBuilder();
      for (int line = 0; line < PER_FILE; line++) {
        String id = file + "-" + line;
        long at = START + (file * PER_FILE + line) * 100L - random.nextInt((int) BOUND_MS + 1);
        text.append(TestingEvents.json(id, at)).append(file % 3 == 0 ? "\r\n" : "\n");
        if (line % 500 == 0) {
          text.append("\n{\"event_id\": \"broken\"\n");
        }
        ids.add(id);
      }
      // The last file is the first by name.
      String name = "events-" + (FILES - file);
      if (file % 2 == 0) {
        Files.writeString(input.resolve(name + ".jsonl"), text);
      } else {
        int half = text.length() / 2;
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        gzip.writeBytes(gzip(text.substring(0, half)));
        gzip.writeBytes(gzip(text.substring(half)));
        Files.write(input.resolve(name + ".jsonl.gz"), gzip.toByteArray());
      }
    }
    ids.sort(null);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return out.toByteArray();
  }

  private Settings settings() {
    return Settings.of(
        Map.of(
            "input-path", input.toString(),
            "max-out-of-orderness", Long.toString(BOUND_MS),
            "max-future", "3600000"));
  }

  private TestingRun run(String name) throws IOException {
    return TestingRun.of(name, Files.createDirectories(folder.resolve(name)));
  }

  private StreamExecutionEnvironment job(TestingRun run, int parallelism) {
    StreamExecutionEnvironment env = run.environment(parallelism);
    run.attach(FileEventSource.stream(env, settings()));
    return env;
  }

  /** All events once, none late, and the lines that are no events. */
  private void assertComplete(TestingRun run, Map<String, Long> accounting) {
    assertEquals(ids, run.seen().stream().sorted().toList());
    long letters = FILES * PER_FILE / 500;
    assertEquals(
        Map.of(
            "read",
            ids.size() + letters,
            "valid",
            (long) ids.size(),
            "dead-lettered",
            letters,
            "dead-lettered.not_json",
            letters),
        accounting);
  }

  @Test
  void noEventIsLateWhateverTheParallelism() throws Exception {
    writeFiles();
    for (int parallelism : new int[] {1, 4, 16}) {
      TestingRun run = run("parallelism-" + parallelism);
      assertComplete(run, run.toEnd(job(run, parallelism)));
    }
  }

  @Test
  void failureInTheMiddleLosesAndDoublesNothing() throws Exception {
    writeFiles();
    for (int parallelism : new int[] {1, 4}) {
      TestingRun run = run("failure-" + parallelism).failingAfter(700);
      assertComplete(run, run.toEnd(job(run, parallelism)));
    }
  }

  /** Two files: at parallelism 2, one reader is at its end at once, and waits for the other. */
  private void writeShortAndLong() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 20_000; line++) {
      text.append(TestingEvents.json("b" + line, START + line * 100L)).append('\n');
      ids.add("b" + line);
    }
    Files.writeString(input.resolve("long.jsonl"), text);
    Files.writeString(input.resolve("short.jsonl"), TestingEvents.json("a", START) + "\n");
    ids.add("a");
    ids.sort(null);
  }

  private void assertShortAndLong(TestingRun run, Map<String, Long> accounting) {
    assertEquals(ids, run.seen().stream().sorted().toList());
    assertEquals(Map.of("read", 20_001L, "valid", 20_001L), accounting);
  }

  @Test
  void filesThatEndedBeforeTheFailureAreStillCounted() throws Exception {
    writeShortAndLong();
    TestingRun run = run("ended").failingAfter(19_000);

    assertShortAndLong(run, run.toEnd(job(run, 2)));
  }

  @Test
  void filesThatEndedBeforeTheSavepointAreStillCounted() throws Exception {
    writeShortAndLong();
    TestingRun run = run("ended-savepoint").slowAfter(10_000);
    run.stopWithSavepoint(job(run, 2).executeAsync());

    assertShortAndLong(run, run.toEnd(job(run, 2)));
  }

  @Test
  void drainDoesNotWaitForTheReaderThatStillReads() throws Exception {
    writeShortAndLong();
    TestingRun run = run("drained").slowAfter(10_000);
    run.drain(job(run, 2).executeAsync());

    assertEquals(Long.MAX_VALUE, run.watermark());
    assertTrue(run.seen().contains("a"));
    assertTrue(run.seen().size() < ids.size());
  }

  @Test
  void savepointGoesOnWithAnotherParallelism() throws Exception {
    writeFiles();
    int[] parallelisms = {1, 4, 1};
    TestingRun run = run("savepoint");
    for (int i = 0; i < 2; i++) {
      run.slowAfter(500);
      run.stopWithSavepoint(job(run, parallelisms[i]).executeAsync());
    }
    assertComplete(run, run.toEnd(job(run, parallelisms[2])));
  }

  @Test
  void everySplitsProgressIsRestored() throws Exception {
    // One file's only event is far ahead; the other goes on behind it, over the savepoint too.
    Files.writeString(input.resolve("ahead.jsonl"), TestingEvents.json("a", START + 1_000_000));
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 1_000; line++) {
      text.append(TestingEvents.json("b" + line, START + line * 100L)).append('\n');
      ids.add("b" + line);
    }
    ids.add("a");
    ids.sort(null);
    Files.writeString(input.resolve("behind.jsonl"), text);
    TestingRun run = run("progress").slowAfter(500);
    run.stopWithSavepoint(job(run, 1).executeAsync());
    run.toEnd(job(run, 2));

    assertEquals(ids, run.seen().stream().sorted().toList());
  }

  @Test
  void shortenedFileIsNotTakenForTheSame() throws Exception {
    writeFiles();
    TestingRun run = run("shortened").slowAfter(500);
    run.stopWithSavepoint(job(run, 1).executeAsync());
    StreamExecutionEnvironment again = job(run, 1);
    Path file = input.resolve("events-6.jsonl");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));

    String message = userError(() -> run.toEnd(again));
    String expected =
        String.format("it had %d bytes and has %d now", bytes.length, bytes.length - 1);
    assertTrue(message.contains(expected), message);
  }

  @Test
  void missingFileIsNamed() throws Exception {
    writeFiles();
    TestingRun run = run("missing").slowAfter(500);
    run.stopWithSavepoint(job(run, 1).executeAsync());
    StreamExecutionEnvironment again = job(run, 1);
    Files.delete(input.resolve("events-1.jsonl.gz"));

    String message = userError(() -> run.toEnd(again));
    assertTrue(message.contains("events-1.jsonl.gz cannot be read beyond line "), message);
    assertTrue(message.contains("it does not exist"), message);
  }

  @Test
  void damagedGzipFailsAtOnceBehindWhatIsReadable() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 3_000; line++) {
      text.append(TestingEvents.json("e" + line, START + line * 100L)).append('\n');
    }
    byte[] gzip = gzip(text.toString());
    Files.write(input.resolve("cut.jsonl.gz"), Arrays.copyOf(gzip, gzip.length - 100));
    TestingRun run = run("damaged");

    String message = userError(() -> run.toEnd(job(run, 1)));
    Matcher line =
        Pattern.compile("cut\\.jsonl\\.gz cannot be read beyond line (\\d+)").matcher(message);
    assertTrue(line.find(), message);
    assertTrue(message.contains("the gzip data ends too early"), message);
    assertEquals(Integer.parseInt(line.group(1)), run.seen().size());
    assertTrue(run.seen().size() > 2_000, message);
    assertEquals("e" + (run.seen().size() - 1), run.seen().get(run.seen().size() - 1));
  }

  @Test
  void moreFilesThanMayBeOpen() throws Exception {
    for (int file = 0; file < 300; file++) {
      StringBuilder text = new StringBuilder();
      for (int line = 0; line < 5; line++) {
        String id = file + "-" + line;
        text.append(TestingEvents.json(id, START + line * 60_000L + file)).append('\n');
        ids.add(id);
      }
      Files.writeString(input.resolve(file + ".jsonl"), text);
    }
    TestingRun run = run("many");
    run.toEnd(job(run, 1));

    List<String> byTime = new ArrayList<>();
    for (int line = 0; line < 5; line++) {
      for (int file = 0; file < 300; file++) {
        byTime.add(file + "-" + line);
      }
    }
    assertEquals(ids.stream().sorted().toList(), run.seen().stream().sorted().toList());
    // The first round finds out what the files' times are; from then on they are in step.
    assertEquals(byTime.subList(300, 1_500), run.seen().subList(300, 1_500));
  }

  @Test
  void lineThatIsTooLongComesInPiecesAndTheNextIsRead() throws Exception {
    byte[] line = new byte[40 * 1024 * 1024];
    Arrays.fill(line, (byte) ' ');
    line[line.length - 1] = '\n';
    Files.write(input.resolve("long.jsonl"), line);
    Files.writeString(
        input.resolve("long.jsonl"), TestingEvents.json("next", START), StandardOpenOption.APPEND);
    TestingRun run = run("long");
    Map<String, Long> accounting = run.toEnd(job(run, 1));

    assertEquals(List.of("next"), run.seen());
    assertEquals(3L, accounting.get("dead-lettered.not_json"));
  }

  @Test
  void nothingToReadIsSaidBeforeTheJobStarts() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    assertThrows(UserError.class, () -> FileEventSource.stream(env, settings()));
  }

  /** The user error that a job failed with; it must not have been tried again. */
  private static String userError(Executable job) {
    Throwable failure = assertThrows(JobExecutionException.class, job);
    String all = ExceptionUtils.stringifyException(failure);
    assertTrue(all.contains("SuppressRestartsException"), all);
    return all;
  }
}
