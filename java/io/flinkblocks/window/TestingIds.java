package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;

/** Shows which events a window has: {@code key [start, end) id id id}, ids sorted. */
public final class TestingIds implements Aggregator<List<String>> {
  private static final long serialVersionUID = 1;

  private final long footprint;

  public TestingIds() {
    this(100);
  }

  /** Each accumulator claims to take so many bytes. */
  public TestingIds(long footprint) {
    this.footprint = footprint;
  }

  @Override
  public List<String> create() {
    return new ArrayList<>();
  }

  @Override
  public void add(Event event, List<String> ids) {
    ids.add(event.eventId());
  }

  @Override
  public void merge(List<String> from, List<String> into) {
    into.addAll(from);
  }

  @Override
  public void emit(Firing firing, List<String> ids, Consumer<OutputRecord> out) {
    String key = firing.key();
    Window window = firing.window();
    out.accept(
        OutputRecord.of(
            "ids",
            key.getBytes(StandardCharsets.UTF_8),
            show(key, window.start(), window.end(), ids).getBytes(StandardCharsets.UTF_8)));
  }

  /** The value of a result. */
  public static String show(String key, long start, long end, List<String> ids) {
    String sorted = ids.stream().sorted().collect(Collectors.joining(" "));
    return "%s [%d, %d) %s".formatted(key, start, end, sorted);
  }

  @Override
  public long footprint(List<String> ids) {
    return footprint;
  }

  @Override
  public TypeSerializer<List<String>> serializer() {
    return new ListSerializer<>(StringSerializer.INSTANCE);
  }
}
