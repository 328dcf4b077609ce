package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

class WriteBehindPanesTest {
  /** What each entry of {@link TestingIds} takes in the cache. */
  private static final long ENTRY = 350;

  private static final List<String> KEYS = List.of("a", "b", "c");
  private static final List<Long> PANES = List.of(0L, 100L, 200L);

  private enum What {
    ADD,
    ADD_MORE,
    GET,
    REMOVE,
    FLUSH
  }

  record Step(What what, String key, long pane) {}

  record Place(String key, long pane) {}

  /** A cache in front of RocksDB, and a second look at what RocksDB has. */
  private static final class Cached implements AutoCloseable {
    final TestingWindows windows;
    final KeyedStateBackend<String> backend;
    final InternalAggregatingState<String, Long, ?, List<String>, List<String>> state;
    final WriteBehindPanes<List<String>> cache;

    @SuppressWarnings("unchecked") // The only way to a state with a namespace of one's own.
    Cached(long capacity) throws Exception {
      TestingIds ids = new TestingIds(100);
      windows = TestingWindows.ids(100, 100, 0).backend(new EmbeddedRocksDBStateBackend()).open();
      backend = windows.operator().getKeyedStateBackend();
      var add = new PaneStore.AddToPane<>(ids);
      var opened =
          (InternalAggregatingState<String, Long, Event, List<String>, List<String>>)
              backend.getOrCreateKeyedState(
                  LongSerializer.INSTANCE,
                  new AggregatingStateDescriptor<>("behind", add, ids.serializer()));
      state = opened;
      cache = new WriteBehindPanes<>(backend, opened, ids, capacity);
    }

    boolean add(String key, long pane, String id) throws Exception {
      backend.setCurrentKey(key);
      boolean isNew = cache.add(pane, TestingEvents.event(key, id, pane + 1));
      assertEquals(key, backend.getCurrentKey());
      return isNew;
    }

    List<String> get(String key, long pane) throws Exception {
      backend.setCurrentKey(key);
      return cache.get(pane);
    }

    void remove(String key, long pane) {
      backend.setCurrentKey(key);
      cache.remove(pane);
    }

    List<String> stored(String key, long pane) throws Exception {
      backend.setCurrentKey(key);
      state.setCurrentNamespace(pane);
      return state.getInternal();
    }

    @Override
    public void close() {
      windows.close();
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(What.class), Arbitraries.of(KEYS), Arbitraries.of(PANES))
        .as(Step::new)
        .list()
        .ofMinSize(20)
        .ofMaxSize(300);
  }

  @Provide
  Arbitrary<Long> capacities() {
    return Arbitraries.of(0L, ENTRY, 3 * ENTRY, 5 * ENTRY, 1000 * ENTRY);
  }

  @Property(tries = 15)
  void isAMapWhateverFitsIntoMemory(
      @ForAll("steps") List<Step> steps, @ForAll("capacities") long capacity) throws Exception {
    Map<Place, List<String>> model = new HashMap<>();
    try (Cached panes = new Cached(capacity)) {
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        Place place = new Place(step.key(), step.pane());
        switch (step.what()) {
          case ADD, ADD_MORE -> {
            assertEquals(!model.containsKey(place), panes.add(step.key(), step.pane(), "e" + i));
            model.computeIfAbsent(place, p -> new ArrayList<>()).add("e" + i);
          }
          case GET -> assertEquals(model.get(place), panes.get(step.key(), step.pane()));
          case REMOVE -> {
            panes.remove(step.key(), step.pane());
            model.remove(place);
          }
          case FLUSH -> {
            panes.cache.flush();
            assertStored(model, panes);
          }
        }
        assertTrue(panes.cache.size() <= Math.max(1, capacity / ENTRY));
        assertTrue(panes.cache.size() <= model.size());
      }
      panes.cache.flush();
      assertStored(model, panes);
    }
  }

  private static void assertStored(Map<Place, List<String>> model, Cached panes) throws Exception {
    for (String key : KEYS) {
      for (long pane : PANES) {
        assertEquals(model.get(new Place(key, pane)), panes.stored(key, pane));
      }
    }
  }

  @Test
  void aPaneIsWrittenOnceItHasTo() throws Exception {
    try (Cached panes = new Cached(2 * ENTRY)) {
      panes.add("a", 0, "1");
      panes.add("b", 0, "2");
      panes.add("a", 0, "3");
      assertEquals(null, panes.stored("a", 0));
      assertEquals(List.of("1", "3"), panes.get("a", 0));

      panes.add("c", 0, "4"); // The one unused for longest makes room.
      assertEquals(List.of("2"), panes.stored("b", 0));
      assertEquals(null, panes.stored("a", 0));
      assertEquals(2, panes.cache.size());

      panes.add("a", 0, "5");
      panes.cache.flush();
      assertEquals(List.of("1", "3", "5"), panes.stored("a", 0));
      panes.add("a", 0, "6");
      assertEquals(List.of("1", "3", "5"), panes.stored("a", 0));
      assertEquals(List.of("1", "3", "5", "6"), panes.get("a", 0));
    }
  }

  @Test
  void aRemovedPaneIsGoneFromMemoryAndState() throws Exception {
    try (Cached panes = new Cached(100 * ENTRY)) {
      panes.add("a", 0, "1");
      panes.cache.flush();
      panes.add("a", 0, "2");
      panes.add("b", 0, "3");
      panes.remove("a", 0);
      panes.remove("b", 0);
      panes.remove("c", 0);
      assertEquals(0, panes.cache.size());
      panes.cache.flush();
      assertStored(Map.of(), panes);
      assertTrue(panes.add("a", 0, "4"));
    }
  }

  @Test
  void aPaneLargerThanTheCacheIsTakenAllTheSame() throws Exception {
    try (Cached panes = new Cached(0)) {
      panes.add("a", 0, "1");
      panes.add("a", 0, "2");
      assertEquals(1, panes.cache.size());
      assertEquals(null, panes.stored("a", 0));
      panes.add("b", 0, "3");
      assertEquals(1, panes.cache.size());
      assertEquals(List.of("1", "2"), panes.stored("a", 0));
    }
  }

  @Test
  void flushBeforeTheFirstEventIsNothing() throws Exception {
    try (Cached panes = new Cached(ENTRY)) {
      panes.cache.flush();
      assertEquals(0, panes.cache.size());
    }
  }
}
