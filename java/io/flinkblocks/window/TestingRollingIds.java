package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.Amount;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Shows which events a window has, and all that a firing tells: {@code key [start, end) id id r1
 * before 3}, with {@code early} in place of the revision. The amount is the number of events.
 */
public final class TestingRollingIds implements Aggregator<List<String>> {
  private static final long serialVersionUID = 1;

  private final TestingIds ids = new TestingIds();
  private final long footprint;
  private final boolean compares;

  /** Each sum claims to take so many bytes; windows are compared. */
  public TestingRollingIds(long footprint) {
    this(footprint, true);
  }

  TestingRollingIds(long footprint, boolean compares) {
    this.footprint = footprint;
    this.compares = compares;
  }

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
  public boolean compares() {
    return compares;
  }

  @Override
  public Amount amount(List<String> accumulator) {
    return Amount.ofMicros(accumulator.size());
  }

  @Override
  public Rolling<List<String>> rolling() {
    return new Sum();
  }

  @Override
  public void emit(Firing firing, List<String> accumulator, Consumer<OutputRecord> out) {
    String key = firing.key();
    Window window = firing.window();
    String text = TestingIds.show(key, window.start(), window.end(), accumulator) + told(firing);
    byte[] value = text.getBytes(StandardCharsets.UTF_8);
    out.accept(OutputRecord.of("ids", key.getBytes(StandardCharsets.UTF_8), value));
  }

  private static String told(Firing firing) {
    String before = firing.before() == null ? "" : " before " + firing.before().low();
    return (firing.early() ? " early" : " r" + firing.revision()) + before;
  }

  @Override
  public TypeSerializer<List<String>> serializer() {
    return ids.serializer();
  }

  /** The panes themselves. */
  private final class Sum implements Rolling<List<String>> {
    private final TreeMap<Long, List<String>> panes = new TreeMap<>();

    @Override
    public void add(long pane, List<String> part) {
      if (!panes.isEmpty() && panes.lastKey() >= pane) {
        throw new IllegalStateException(pane + " does not come behind " + panes.lastKey());
      }
      panes.put(pane, List.copyOf(part));
    }

    @Override
    public void removeBefore(long time) {
      panes.headMap(time).clear();
    }

    @Override
    public boolean isEmpty() {
      return panes.isEmpty();
    }

    @Override
    public void emit(Firing firing, Consumer<OutputRecord> out) {
      TestingRollingIds.this.emit(firing, all(), out);
    }

    @Override
    public Amount amount() {
      return TestingRollingIds.this.amount(all());
    }

    private List<String> all() {
      List<String> all = new ArrayList<>();
      panes.values().forEach(all::addAll);
      return all;
    }

    @Override
    public long footprint() {
      return footprint;
    }
  }
}
