package io.flinkblocks.pattern;

import io.flinkblocks.event.Event;
import io.flinkblocks.ordered.KeyedLogic;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * The {@link Pattern}s in a user's events, in one tumbling window after the other: all of a window
 * are told at its end, by product and then in the patterns' order.
 */
final class PatternLogic implements KeyedLogic<PatternState> {
  /** Length of a window. */
  static final long LENGTH = 10 * 60_000;

  private static final long serialVersionUID = 1;

  private static final Pattern[] PATTERNS = Pattern.values();

  @Override
  public PatternState create() {
    return new PatternState();
  }

  @Override
  public void onEvent(Event event, PatternState user, Consumer<OutputRecord> out) {
    if (user.isEmpty()) {
      user.start = event.timestamp() - Math.floorMod(event.timestamp(), LENGTH);
    }
    user.add(event);
  }

  /** The end of the window. */
  @Override
  public void onTimer(String userId, long time, PatternState user, Consumer<OutputRecord> out) {
    byte[] key = userId.getBytes(StandardCharsets.UTF_8);
    for (int product : user.productsWithPatterns()) {
      for (Pattern pattern : PATTERNS) {
        byte[][] eventIds = user.trail(product).find(pattern);
        if (eventIds != null) {
          out.accept(record(pattern, key, user, product, eventIds));
        }
      }
    }
    user.clear();
  }

  private static OutputRecord record(
      Pattern pattern, byte[] userId, PatternState user, int product, byte[][] eventIds) {
    byte[] value =
        new JsonWriter()
            .begin()
            .field("pattern", pattern.label)
            .field("user_id", userId)
            .field("product_id", user.productId(product))
            .field("window_start", user.start)
            .field("window_end", user.start + LENGTH)
            .array("event_ids", eventIds)
            .end();
    return OutputRecord.of(Patterns.OUTPUT, userId, value);
  }

  @Override
  public long timer(PatternState user) {
    return user.isEmpty() ? NEVER : user.start + LENGTH;
  }

  @Override
  public long footprint(PatternState user) {
    return user.footprint();
  }

  @Override
  public TypeSerializer<PatternState> serializer() {
    return PatternSerializer.INSTANCE;
  }
}
