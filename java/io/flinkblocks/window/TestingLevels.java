package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** One subtask of a {@link LevelOperator}, keyed by category, in Flink's operator harness. */
public final class TestingLevels extends TestingOperator {
  private TestingLevels(Opened opened) {
    super(opened);
  }

  /** An operator that shows event ids, as analysis {@code ids}; all times in ms. */
  public static Builder<TestingLevels> ids(long allowedLateness, Long... sizes) {
    return ids(new TestingIds(), allowedLateness, sizes);
  }

  /** The same, with accumulators that claim to take other room. */
  static Builder<TestingLevels> ids(TestingIds ids, long allowedLateness, Long... sizes) {
    return of(
        "ids",
        new LevelOperator<>("ids", new RevisedIds(ids), Arrays.asList(sizes), allowedLateness));
  }

  /** Any operator. */
  public static <A> Builder<TestingLevels> of(String analysis, LevelOperator<A> operator) {
    return new Builder<TestingLevels>(
        analysis,
        operator,
        PanePart::key,
        event -> PanePart.of(event.category(), event),
        TestingLevels::new);
  }

  /** Sends a view with an id. */
  public void send(String key, String id, long timestamp) throws Exception {
    send(TestingEvents.event(key, id, timestamp));
  }

  /** Accumulators of the lowest level in the state, of all keys. */
  public long lowest() {
    return entries("panes");
  }

  /** Stored results of the level above it. */
  public long results() {
    return entries("results-1");
  }

  /** Numbers of revisions that are kept, of a level. */
  public long revisions(int level) {
    return entries("fired-" + level);
  }

  /** The value of a result, as {@code k [0, 100) id id r0}. */
  static String show(String key, long start, long end, List<String> ids, int revision) {
    return TestingIds.show(key, start, end, ids) + " r" + revision;
  }

  /** Ids, and behind them the number of the revision. */
  private record RevisedIds(TestingIds ids) implements Aggregator<List<String>> {
    private static final long serialVersionUID = 1;

    @Override
    public List<String> create() {
      return ids.create();
    }

    @Override
    public void add(Event event, List<String> accumulator) {
      ids.add(event, accumulator);
    }

    @Override
    public void merge(List<String> from, List<String> into) {
      ids.merge(from, into);
    }

    @Override
    public boolean countsRevisions() {
      return true;
    }

    @Override
    public void emit(Firing firing, List<String> accumulator, Consumer<OutputRecord> out) {
      Window window = firing.window();
      String shown =
          show(firing.key(), window.start(), window.end(), accumulator, firing.revision());
      byte[] key = firing.key().getBytes(StandardCharsets.UTF_8);
      out.accept(OutputRecord.of("ids", key, shown.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public long footprint(List<String> accumulator) {
      return ids.footprint(accumulator);
    }

    @Override
    public TypeSerializer<List<String>> serializer() {
      return ids.serializer();
    }
  }
}
