package io.flinkblocks.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.junit.jupiter.api.Test;

/** The strategy inside the very outputs that Flink gives to a source reader. */
class SplitIdlenessTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final TestingReaderOutput<String> flink =
      new TestingReaderOutput<>(SplitIdleness.after(TIMEOUT), record -> record);
  private final ReaderOutput<String> reader = flink.output();

  @Test
  void unreadSplitHoldsTheWatermarkBack() {
    reader.createOutputForSplit("a");
    reader.createOutputForSplit("b");

    record("a", 100);
    assertSeen("a@100");
    record("b", 70);
    assertSeen("b@70", "watermark 70");
    record("b", 120);
    assertSeen("b@120", "watermark 100");
  }

  @Test
  void splitWithoutRecordsStopsHoldingBack() {
    reader.createOutputForSplit("a");
    reader.createOutputForSplit("b");
    record("a", 100);
    tick(Duration.ZERO);
    tick(Duration.ofSeconds(29));
    record("a", 200);
    assertSeen("a@100", "a@200");

    tick(Duration.ofSeconds(1));
    assertSeen("watermark 200");
    record("a", 300);
    assertSeen("a@300", "watermark 300");
  }

  @Test
  void returningSplitHoldsBackAgain() {
    reader.createOutputForSplit("a");
    reader.createOutputForSplit("b");
    record("a", 100);
    tick(Duration.ZERO);
    record("a", 101);
    tick(TIMEOUT);
    assertSeen("a@100", "a@101", "watermark 101");

    record("b", 150);
    record("a", 400);
    assertSeen("b@150", "a@400", "watermark 150");
  }

  @Test
  void recordWithoutWatermarkKeepsASplitActive() {
    reader.createOutputForSplit("a");
    reader.createOutputForSplit("b");
    tick(Duration.ZERO);
    for (int i = 0; i < 5; i++) {
      reader.createOutputForSplit("b").collect("dead letter");
      record("a", 100 + i);
      tick(Duration.ofSeconds(29));
    }

    assertEquals(List.of(), flink.take().stream().filter(s -> s.startsWith("w")).toList());
  }

  @Test
  void subtaskIsIdleWhenAllItsSplitsAre() {
    reader.createOutputForSplit("a");
    reader.createOutputForSplit("b");
    record("a", 100);
    record("b", 50);
    tick(Duration.ZERO);
    assertSeen("a@100", "b@50", "watermark 50");

    tick(TIMEOUT);
    assertSeen("watermark 100", "idle");
    tick(TIMEOUT);
    assertSeen();
  }

  @Test
  void subtaskIsActiveWithTheNextRecordOfAnySplitHoweverOld() {
    reader.createOutputForSplit("a");
    reader.createOutputForSplit("b");
    record("a", 100);
    record("b", 50);
    tick(Duration.ZERO);
    tick(TIMEOUT);
    flink.take();

    record("b", 60);
    assertSeen("b@60", "active");
    tick(Duration.ZERO);
    tick(Duration.ofSeconds(29));
    assertSeen();
    tick(Duration.ofSeconds(1));
    assertSeen("idle");
    record("a", 110);
    assertSeen("a@110", "active", "watermark 110");
  }

  @Test
  void subtaskWithoutSplitsIsIdleAfterTheTimeout() {
    tick(Duration.ZERO);
    tick(Duration.ofSeconds(29));
    assertSeen();
    tick(Duration.ofSeconds(1));
    assertSeen("idle");

    record("new", 10);
    tick(Duration.ZERO);
    assertSeen("new@10", "active", "watermark 10");
  }

  @Test
  void endedSplitIsForgotten() {
    record("a", 100);
    reader.createOutputForSplit("b");
    record("b", 50);
    tick(Duration.ZERO);
    reader.releaseOutputForSplit("a");
    flink.take();

    tick(TIMEOUT);
    assertSeen("idle");
  }

  @Test
  void timeUnderBackPressureDoesNotCount() {
    record("a", 100);
    reader.createOutputForSplit("b");
    tick(Duration.ZERO);
    flink.take();

    flink.backPressure(true);
    tick(TIMEOUT);
    flink.backPressure(false);
    assertSeen();
    tick(TIMEOUT);
    assertSeen("idle");
  }

  @Test
  void timeoutMustBePositive() {
    assertThrows(IllegalArgumentException.class, () -> SplitIdleness.after(Duration.ZERO));
  }

  /** A record and, as the reader emits it, the split's watermark behind it. */
  private void record(String split, long watermark) {
    SourceOutput<String> output = reader.createOutputForSplit(split);
    output.collect(split + "@" + watermark);
    output.emitWatermark(new Watermark(watermark));
  }

  private void tick(Duration later) {
    flink.tick(later);
  }

  /** What went downstream since the last look. */
  private void assertSeen(String... expected) {
    assertEquals(List.of(expected), flink.take());
  }
}
