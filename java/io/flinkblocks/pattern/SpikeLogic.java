package io.flinkblocks.pattern;

import io.flinkblocks.event.Event;
import io.flinkblocks.ordered.KeyedLogic;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Spikes: the minutes in which a category has more than three times the events of a mean minute of
 * the five before. Told at the end of the minute, and only once five minutes are known.
 *
 * <p>After five minutes without events a category is forgotten.
 */
final class SpikeLogic implements KeyedLogic<SpikeState> {
  /** A minute is a window; minutes are numbered from the epoch. */
  static final long MINUTE = 60_000;

  private static final long serialVersionUID = 1;

  private static final long FACTOR = 3;

  /** A mean of whole numbers has not more decimals than this, in millionths. */
  private static final long MICROS_OF_A_FIFTH = 1_000_000 / SpikeState.BEFORE;

  @Override
  public SpikeState create() {
    return new SpikeState();
  }

  @Override
  public void onEvent(Event event, SpikeState category, Consumer<OutputRecord> out) {
    category.add(Math.floorDiv(event.timestamp(), MINUTE));
  }

  /** The end of the latest minute with an event; or five more are over, and nothing came. */
  @Override
  public void onTimer(String name, long time, SpikeState category, Consumer<OutputRecord> out) {
    if (!category.open) {
      category.clear();
      return;
    }
    category.open = false;
    long sum = category.sumBefore();
    // Compares the mean without dividing.
    if (category.isOldEnough() && SpikeState.BEFORE * category.count > FACTOR * sum) {
      out.accept(record(name.getBytes(StandardCharsets.UTF_8), category, sum));
    }
  }

  private static OutputRecord record(byte[] name, SpikeState category, long sum) {
    byte[] value =
        new JsonWriter()
            .begin()
            .field("pattern", "spike")
            .field("category", name)
            .field("window_start", category.minute * MINUTE)
            .field("window_end", (category.minute + 1) * MINUTE)
            .field("event_count", category.count)
            .amount("baseline", sum * MICROS_OF_A_FIFTH)
            .end();
    return OutputRecord.of(Patterns.OUTPUT, name, value);
  }

  @Override
  public long timer(SpikeState category) {
    if (category.count == 0) {
      return NEVER;
    }
    long minutes = category.open ? 1 : 1 + SpikeState.BEFORE;
    return (category.minute + minutes) * MINUTE;
  }

  @Override
  public long footprint(SpikeState category) {
    return SpikeState.BYTES;
  }

  @Override
  public TypeSerializer<SpikeState> serializer() {
    return SpikeSerializer.INSTANCE;
  }
}
