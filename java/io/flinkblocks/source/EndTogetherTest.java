package io.flinkblocks.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.mocks.MockSourceSplit;
import org.apache.flink.api.connector.source.mocks.MockSplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readers' ends and the enumerator between them. */
class EndTogetherTest {
  private static final CompletableFuture<Void> READABLE = CompletableFuture.completedFuture(null);

  private final MockSplitEnumeratorContext<MockSourceSplit> context =
      new MockSplitEnumeratorContext<>(2);
  private final FixedSplitsEnumerator<MockSourceSplit> enumerator =
      new FixedSplitsEnumerator<>(context, List.of());

  @AfterEach
  void close() throws Exception {
    context.close();
  }

  private void start(int subtask) {
    context.registerReader(new ReaderInfo(subtask, "host"));
    enumerator.addReader(subtask);
  }

  private void fail(int subtask) {
    context.unregisterReader(subtask);
  }

  private void reset(int subtask) {
    enumerator.addSplitsBack(List.of(), subtask);
  }

  private void report(int subtask) {
    enumerator.handleSourceEvent(subtask, new EndTogether.AllRead());
  }

  /** How often the enumerator has dismissed a subtask. */
  private int dismissals(int subtask) throws Exception {
    return context.getSentSourceEvent().getOrDefault(subtask, List.of()).size();
  }

  private void assertDismissals(int first, int second) throws Exception {
    assertEquals(List.of(first, second), List.of(dismissals(0), dismissals(1)));
  }

  @Test
  void waitingReaderHoldsNobodyBackAndEndsWhenItIsDismissed() {
    List<SourceEvent> reports = new ArrayList<>();
    EndTogether reader = new EndTogether(reports::add);
    var flink = new TestingReaderOutput<String>(WatermarkStrategy.noWatermarks(), text -> text);
    assertTrue(reader.available(READABLE).isDone());

    assertEquals(InputStatus.NOTHING_AVAILABLE, reader.poll(flink.output()));
    assertEquals(InputStatus.NOTHING_AVAILABLE, reader.poll(flink.output()));
    assertEquals(List.of("watermark " + Long.MAX_VALUE), flink.take());
    assertEquals(List.of(new EndTogether.AllRead()), reports);
    CompletableFuture<Void> waiting = reader.available(READABLE);
    assertFalse(waiting.isDone());

    reader.handle(new EndTogether.Dismissal());
    assertTrue(waiting.isDone());
    assertEquals(InputStatus.END_OF_INPUT, reader.poll(flink.output()));
    assertEquals(1, reports.size());
  }

  @Test
  void allAreDismissedWhenTheLastHasReported() throws Exception {
    start(0);
    report(0);
    assertDismissals(0, 0);
    start(1);
    assertDismissals(0, 0);
    report(1);

    assertDismissals(1, 1);
  }

  @Test
  void reportFromBeforeARestartDoesNotCount() throws Exception {
    start(0);
    start(1);
    report(0);
    fail(0);
    reset(0);
    start(0);
    report(1);
    assertDismissals(0, 0);
    report(0);

    assertDismissals(1, 1);
  }

  @Test
  void reportOfASubtaskThatHasJustFailedDoesNotCount() throws Exception {
    start(0);
    start(1);
    report(0);
    fail(0);
    report(1);
    assertDismissals(0, 0);
    reset(0);
    start(0);
    report(0);

    assertDismissals(1, 1);
  }

  @Test
  void subtasksThatStartAgainAfterTheEndWaitForEachOtherAgain() throws Exception {
    start(0);
    start(1);
    report(0);
    report(1);
    for (int subtask = 0; subtask < 2; subtask++) {
      fail(subtask);
      reset(subtask);
      start(subtask);
    }
    report(1);
    assertDismissals(1, 1);
    report(0);

    assertDismissals(2, 2);
  }

  @Test
  void onlyWhoStartsAgainAfterTheEndIsDismissedAgain() throws Exception {
    start(0);
    start(1);
    report(0);
    report(1);
    fail(1);
    reset(1);
    start(1);
    report(1);

    assertDismissals(1, 2);
  }
}
