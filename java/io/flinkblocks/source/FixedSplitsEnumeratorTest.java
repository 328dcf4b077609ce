package io.flinkblocks.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.mocks.MockSourceSplit;
import org.apache.flink.api.connector.source.mocks.MockSplitEnumeratorContext;
import org.junit.jupiter.api.Test;

// Flink's context declares a close() that may be interrupted.
@SuppressWarnings("try")
class FixedSplitsEnumeratorTest {
  private static List<MockSourceSplit> splits(int... ids) {
    return IntStream.of(ids).mapToObj(id -> new MockSourceSplit(id, 0, 1)).toList();
  }

  private static void register(
      MockSplitEnumeratorContext<MockSourceSplit> context,
      FixedSplitsEnumerator<MockSourceSplit> enumerator,
      int subtask) {
    context.registerReader(new ReaderInfo(subtask, "host"));
    enumerator.addReader(subtask);
  }

  private static List<MockSourceSplit> lastAssigned(
      MockSplitEnumeratorContext<MockSourceSplit> context, int subtask) {
    var all = context.getSplitsAssignmentSequence();
    return all.get(all.size() - 1).assignment().get(subtask);
  }

  @Test
  void readerGetsItsSplitsAtOnceAndThenTheWordThatThereAreNoMore() throws Exception {
    try (var context = new MockSplitEnumeratorContext<MockSourceSplit>(2);
        var enumerator = new FixedSplitsEnumerator<>(context, splits(0, 1, 2, 3, 4))) {
      enumerator.start();
      assertEquals(5, enumerator.snapshotState(1).size());

      register(context, enumerator, 1);
      assertEquals(splits(1, 3), lastAssigned(context, 1));
      assertTrue(context.hasNoMoreSplits(1));
      assertFalse(context.hasNoMoreSplits(0));
      assertEquals(splits(0, 2, 4), enumerator.snapshotState(2));

      register(context, enumerator, 0);
      assertEquals(splits(0, 2, 4), lastAssigned(context, 0));
      assertEquals(List.of(), enumerator.snapshotState(3));
    }
  }

  @Test
  void readerWithoutSplitsIsToldToo() throws Exception {
    try (var context = new MockSplitEnumeratorContext<MockSourceSplit>(2);
        var enumerator = new FixedSplitsEnumerator<>(context, splits(7))) {
      enumerator.start();
      register(context, enumerator, 1);

      assertTrue(context.hasNoMoreSplits(1));
      assertEquals(List.of(), context.getSplitsAssignmentSequence());
    }
  }

  @Test
  void splitsThatComeBackGoToTheSameReaderAgain() throws Exception {
    try (var context = new MockSplitEnumeratorContext<MockSourceSplit>(2);
        var enumerator = new FixedSplitsEnumerator<>(context, splits(0, 1, 2))) {
      enumerator.start();
      register(context, enumerator, 0);
      context.unregisterReader(0);
      enumerator.addSplitsBack(splits(0, 2), 0);
      assertEquals(3, enumerator.snapshotState(1).size());

      register(context, enumerator, 0);
      assertEquals(splits(0, 2), lastAssigned(context, 0));
    }
  }

  @Test
  void restoredSplitsAreDealtOutToTheReadersThereAre() throws Exception {
    try (var context = new MockSplitEnumeratorContext<MockSourceSplit>(3);
        var enumerator = new FixedSplitsEnumerator<>(context, splits(4, 5, 6, 7))) {
      enumerator.start();
      register(context, enumerator, 0);

      assertEquals(splits(4, 7), lastAssigned(context, 0));
    }
  }
}
