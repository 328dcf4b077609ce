package io.flinkblocks.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkblocks.console.Accounting.Analysis;
import io.flinkblocks.console.Summary.Ended;
import io.flinkblocks.console.Summary.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaceTest {
  private static final Accounting ACCOUNTS =
      new Accounting(
          10_000L,
          9_950L,
          50L,
          Map.of("not_json", 50L, "empty", 0L),
          List.of(new Analysis("revenue-metrics", 1_200, 8_740, 10, 0, 3, 0)));
  private static final Snapshot.Checkpoints CHECKPOINTS =
      new Snapshot.Checkpoints(4, 1, 0, 0, 2_000L, 140L, 5_794L, "file:/c/chk-4");
  private static final Snapshot RUNNING =
      new Snapshot(
          new Snapshot.Job("ab", "App-block", "RUNNING", true, true, 10L, 65_000L, 1, "no luck"),
          new Snapshot.Flow(1_234L, 5L, 99.6, 2L, 3L, Map.of("a", 5L), Map.of("x", 1L), 7L),
          new Snapshot.EventTime(1_704_067_200_000L, 4_000L, false),
          new Snapshot.Splits(4L, 1L),
          new Snapshot.Backpressure(0.25, "source"),
          CHECKPOINTS);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, false, UTF_8);

  private Face face(String mode) {
    return Face.of(mode, out, Map.of("TERM", "xterm"));
  }

  private String shown() {
    return bytes.toString(UTF_8);
  }

  private static Summary summary(Ended ended, Accounting accounts, boolean complete) {
    Output output = new Output("revenue-metrics", "/o/r", "head /o/r/*", 42L);
    boolean stopped = ended == Ended.STOPPED;
    return new Summary(
        "App-block",
        "ab",
        ended,
        8_200,
        1219.5,
        accounts,
        complete,
        stopped,
        List.of(output),
        CHECKPOINTS,
        0,
        stopped ? "/s" : null,
        stopped ? "run --from-savepoint /s" : null,
        null);
  }

  @Test
  void plain() {
    Face face = face("plain");
    face.check(Check.ok("Java", "17"));
    face.check(new Check("port 1", false, "taken", "choose another"));
    face.update(RUNNING);
    face.note("hm");
    assertEquals(
        "ok   Java: 17\nFAIL port 1: taken; choose another\n"
            + "00:01:05 RUNNING, in 1,234 (100/s), out 5, watermark 2024-01-01 00:00:00, lag 4 s,"
            + " idle 1 of 4 splits, late 2, dead-lettered 3, 4 checkpoints, backpressure 25%,"
            + " 1 restart\nhm\n",
        shown());
  }

  @Test
  void autoIsPlainWithoutATerminal() {
    face("auto").note("x");
    assertEquals("x\n", shown());
  }

  @Test
  void summary() {
    face("plain").summary(summary(Ended.FINISHED, ACCOUNTS, true));
    for (String part :
        List.of(
            "App-block finished after 8.2 s, 1,220 events/s\n",
            "read             10,000  9,950 valid + 50 dead-lettered\n",
            "dead-lettered        50  50 not_json\n",
            "1,200 used + 8,740 not relevant + 10 late + 0 held (partial: 3 of the used)\n",
            "ADDS UP: every record read is accounted for\n",
            "revenue-metrics       42  /o/r\n",
            "4 checkpoints, the last took 140 ms for 5.8 kB; 1 failed; 0 restarts\n",
            "look at the results:\n  head /o/r/*\n")) {
      assertTrue(shown().contains(part), () -> part + " is not in\n" + shown());
    }
  }

  @Test
  void summaryOfAStopAndOfWhatDoesNotAddUp() {
    Accounting wrong = new Accounting(10_001L, 9_950L, 50L, Map.of(), ACCOUNTS.analyses());
    face("plain").summary(summary(Ended.STOPPED, wrong, true));
    assertTrue(shown().contains("DOES NOT ADD UP, over all runs since the first:\n  read 10,001,"));
    assertTrue(shown().endsWith("savepoint: /s\nresume with:\n  run --from-savepoint /s\n"));
  }

  @Test
  void summaryOfAnAnalysisThatJoinedLater() {
    Analysis joined = new Analysis("user-sessions", 7_000, 0, 0, 950, 0, 2_000);
    Accounting accounts = new Accounting(10_000L, 9_950L, 50L, Map.of(), List.of(joined));
    face("plain").summary(summary(Ended.STOPPED, accounts, true));
    assertTrue(shown().contains("0 late + 950 held + 2,000 before it joined\n"), shown());
    assertTrue(shown().contains("ADDS UP: every record read is accounted for, over all runs"));
    bytes.reset();
    face("json").summary(summary(Ended.STOPPED, accounts, true));
    assertTrue(shown().contains("\"before_joining\":2000"), shown());
  }

  @Test
  void aRunCutShortIsNotChecked() {
    face("plain").summary(summary(Ended.CANCELED, ACCOUNTS, false));
    assertTrue(shown().contains("not checked whether this adds up: the counters are those of"));
    face("plain").summary(summary(Ended.FAILED, ACCOUNTS, true));
    assertTrue(shown().contains("not checked whether this adds up: the run was cut short"));
  }

  @Test
  void json() throws IOException {
    Face face = face("json");
    face.note("grün");
    face.update(RUNNING);
    face.summary(summary(Ended.FINISHED, ACCOUNTS, true));
    assertTrue(shown().startsWith("{\"type\":\"note\",\"text\":\"gr\\u00FCn\"}\n"), shown());
    List<String> lines = shown().lines().toList();
    JsonNode snapshot = new ObjectMapper().readTree(lines.get(1));
    assertEquals("snapshot", snapshot.get("type").asText());
    assertEquals(1234, snapshot.get("records_in").asLong());
    assertEquals(4, snapshot.get("checkpoints").get("completed").asLong());
    assertEquals(0.25, snapshot.get("backpressure").asDouble());
    assertEquals(4, snapshot.get("splits").asLong());
    assertFalse(snapshot.has("counted_ms"));
    JsonNode summary = new ObjectMapper().readTree(lines.get(2));
    assertEquals("FINISHED", summary.get("ended").asText());
    assertTrue(summary.get("final").asBoolean());
    assertTrue(summary.get("accounting").get("adds_up").asBoolean());
    assertEquals(8740, summary.at("/accounting/analyses/0/not_relevant").asLong());
    assertTrue(summary.get("savepoint").isNull());
  }

  @Test
  void panelIsPaintedInPlace() {
    Face face = face("rich");
    face.update(RUNNING);
    String first = shown();
    long rows = first.chars().filter(c -> c == '\n').count();
    face.update(RUNNING);
    assertEquals(first + "\r\033[" + rows + "A" + first, shown());
    bytes.reset();
    face.note("above");
    assertEquals("\r\033[" + rows + "A" + first.replaceFirst("J", "Jabove\n"), shown());
    bytes.reset();
    face.close();
    face.close();
    face.note("after");
    assertEquals("\r\033[" + rows + "A\033[J\033[?7l\033[?7hafter\n", shown());
  }

  @Test
  void readerThatHasGone() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("broken pipe");
          }
        };
    Face face = Face.of("plain", new PrintStream(closed, false, UTF_8), Map.of());
    assertFalse(face.gone());
    face.note("x");
    assertTrue(face.gone());
  }
}
