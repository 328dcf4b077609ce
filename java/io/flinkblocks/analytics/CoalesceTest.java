package io.flinkblocks.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

// Flink's harness declares a close() that may be interrupted.
@SuppressWarnings("try")
class CoalesceTest {
  private static final long INTERVAL = 200;

  @Test
  void theNewestOfEachIdGoesOnAfterTheInterval() throws Exception {
    try (var coalesce = open(null)) {
      coalesce.setProcessingTime(1_000);
      send(coalesce, upsert(1, 1), upsert(2, 1), upsert(1, 2), Upsert.delete(2));
      coalesce.setProcessingTime(1_199);
      assertEquals(List.of(), take(coalesce));
      coalesce.setProcessingTime(1_200);
      assertEquals(List.of(List.of(upsert(1, 2), Upsert.delete(2))), take(coalesce));

      coalesce.setProcessingTime(1_350);
      send(coalesce, upsert(2, 5));
      coalesce.setProcessingTime(1_549);
      assertEquals(List.of(), take(coalesce));
      coalesce.setProcessingTime(1_550);
      assertEquals(List.of(List.of(upsert(2, 5))), take(coalesce));
      coalesce.setProcessingTime(10_000);
      assertEquals(List.of(), take(coalesce));
      assertEquals(3, written(coalesce));
    }
  }

  @Test
  void manyDoNotWait() throws Exception {
    try (var coalesce = open(null)) {
      coalesce.setProcessingTime(0);
      for (int id = 0; id < Coalesce.MOST; id++) {
        assertEquals(List.of(), take(coalesce));
        send(coalesce, upsert(id, 1));
      }
      List<List<Upsert>> batches = take(coalesce);
      assertEquals(1, batches.size());
      assertEquals(Coalesce.MOST, batches.get(0).size());
      send(coalesce, upsert(0, 3));
      assertEquals(List.of(), take(coalesce));
      // The timer of the first of them is still to come.
      coalesce.setProcessingTime(INTERVAL);
      assertEquals(List.of(List.of(upsert(0, 3))), take(coalesce));
    }
  }

  @Test
  void nothingIsHeldAtACheckpoint() throws Exception {
    OperatorSubtaskState checkpoint;
    try (var coalesce = open(null)) {
      send(coalesce, upsert(1, 1));
      coalesce.prepareSnapshotPreBarrier(1);
      checkpoint = coalesce.snapshot(1, 1);
      assertEquals(List.of(List.of(upsert(1, 1))), take(coalesce));
      send(coalesce, upsert(2, 1));
    }
    try (var coalesce = open(checkpoint)) {
      coalesce.setProcessingTime(10_000);
      coalesce.endInput();
      assertEquals(List.of(), take(coalesce));
      assertEquals(1, written(coalesce));
    }
  }

  @Test
  void theLastGoOnAtTheEndOfTheInput() throws Exception {
    try (var coalesce = open(null)) {
      send(coalesce, upsert(1, 1), upsert(2, 1));
      coalesce.endInput();
      assertEquals(List.of(List.of(upsert(1, 1), upsert(2, 1))), take(coalesce));
      coalesce.endInput();
      assertEquals(List.of(), take(coalesce));
    }
  }

  @Property(tries = 100)
  void theTableEndsUpTheSame(
      @ForAll @Size(max = 60) List<@IntRange(max = 4) Integer> ids,
      @ForAll @IntRange(max = 20) int barrier)
      throws Exception {
    TreeMap<Long, Long> expected = new TreeMap<>();
    TreeMap<Long, Long> table = new TreeMap<>();
    try (var coalesce = open(null)) {
      for (int i = 0; i < ids.size(); i++) {
        long id = ids.get(i);
        expected.put(id, (long) i);
        send(coalesce, upsert(id, i));
        coalesce.setProcessingTime(i * 37L);
        if (i % (barrier + 1) == barrier) {
          coalesce.prepareSnapshotPreBarrier(i);
        }
      }
      coalesce.endInput();
      for (List<Upsert> batch : take(coalesce)) {
        assertEquals(batch.size(), batch.stream().map(Upsert::id).distinct().count());
        batch.forEach(upsert -> table.put(upsert.id(), upsert.count()));
      }
    }
    assertEquals(expected, table);
  }

  private static OneInputStreamOperatorTestHarness<Upsert, Batch> open(OperatorSubtaskState state)
      throws Exception {
    var harness =
        new OneInputStreamOperatorTestHarness<Upsert, Batch>(new Coalesce("rows", INTERVAL));
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(BatchSerializer.INSTANCE);
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  private static void send(
      OneInputStreamOperatorTestHarness<Upsert, Batch> coalesce, Upsert... upserts)
      throws Exception {
    for (Upsert upsert : upserts) {
      coalesce.processElement(new StreamRecord<>(upsert));
    }
  }

  private static List<List<Upsert>> take(
      OneInputStreamOperatorTestHarness<Upsert, Batch> coalesce) {
    List<List<Upsert>> batches = new ArrayList<>();
    coalesce.extractOutputValues().forEach(batch -> batches.add(batch.upserts()));
    coalesce.getOutput().clear();
    return batches;
  }

  private static long written(OneInputStreamOperatorTestHarness<Upsert, Batch> coalesce) {
    return (Long)
        ((Coalesce) coalesce.getOperator())
            .getRuntimeContext()
            .getAccumulator("accounting.output.rows")
            .getLocalValue();
  }

  private static Upsert upsert(long id, long count) {
    return new Upsert(id, false, "gold", 0, count, 0, 5_000_000, 7);
  }
}
