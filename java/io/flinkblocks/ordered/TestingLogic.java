package io.flinkblocks.ordered;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventOrder;
import io.flinkblocks.output.OutputRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Runs a {@link KeyedLogic} as {@link OrderedOperator} does, without an engine: for very many small
 * inputs.
 *
 * @param <S> the logic's state
 */
public final class TestingLogic<S> {
  /** After so many events the state is what was stored of it. */
  private static final int EVENTS_TO_RESTART = 3;

  private final KeyedLogic<S> logic;
  private final List<String> values = new ArrayList<>();

  /** Null when nothing is known of the key. */
  private S state;

  private TestingLogic(KeyedLogic<S> logic) {
    this.logic = logic;
  }

  /** The values of each key's records in their order, key by key; of events in any order. */
  public static <S> List<String> run(
      KeyedLogic<S> logic, Function<Event, String> key, List<Event> events) {
    TestingLogic<S> run = new TestingLogic<>(logic);
    events.stream()
        .sorted(EventOrder.INSTANCE)
        .collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()))
        .forEach(run::run);
    return run.values;
  }

  private void run(String key, List<Event> events) {
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      fireUpTo(event.timestamp(), key);
      state = state == null ? logic.create() : state;
      logic.onEvent(event, state, this::take);
      forgetIfOver();
      if (state != null && i % EVENTS_TO_RESTART == 0) {
        state = stored(state);
      }
    }
    fireUpTo(Long.MAX_VALUE, key);
    assertTrue(state == null);
  }

  private void fireUpTo(long now, String key) {
    while (state != null && logic.timer(state) <= now) {
      long time = logic.timer(state);
      logic.onTimer(key, time, state, this::take);
      assertTrue(logic.timer(state) > time);
      forgetIfOver();
    }
  }

  private void forgetIfOver() {
    state = logic.timer(state) == KeyedLogic.NEVER ? null : state;
  }

  private void take(OutputRecord record) {
    values.add(new String(record.value(), StandardCharsets.UTF_8));
  }

  private S stored(S before) {
    try {
      DataOutputSerializer out = new DataOutputSerializer(64);
      logic.serializer().serialize(before, out);
      return logic.serializer().deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
    } catch (IOException e) {
      throw new IllegalStateException("the state is not stored", e);
    }
  }
}
