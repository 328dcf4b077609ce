package io.flinkblocks.measures;

import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Firing;
import io.flinkblocks.window.Window;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The measures of windows on several levels, which have names. */
final class LevelAggregator extends MeasuresAggregator {
  private static final long serialVersionUID = 1;

  /** By the length of its windows. */
  private final TreeMap<Long, String> names;

  /**
   * @param names of the levels, by the length of their windows in milliseconds
   */
  LevelAggregator(Map<Long, String> names) {
    this.names = new TreeMap<>(names);
  }

  /** The lengths of the windows, from the lowest level up. */
  List<Long> sizes() {
    return List.copyOf(names.keySet());
  }

  @Override
  public void emit(Firing firing, Measures measures, Consumer<OutputRecord> out) {
    Window window = firing.window();
    byte[] key = firing.key().getBytes(StandardCharsets.UTF_8);
    byte[] value =
        new JsonWriter()
            .begin()
            .field("level", names.get(window.end() - window.start()))
            .field("window_key", key)
            .field("window_start", window.start())
            .field("window_end", window.end())
            .field("event_count", measures.events)
            .field("purchase_count", measures.purchases)
            .field("unique_users", measures.users.size())
            .amount("revenue", measures.revenue)
            .amount("min_price", measures.minMicros)
            .amount("max_price", measures.maxMicros)
            .field("revision", firing.revision())
            .end();
    out.accept(OutputRecord.of(MultiLevel.OUTPUT, key, value));
  }
}
