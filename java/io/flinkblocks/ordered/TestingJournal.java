package io.flinkblocks.ordered;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple3;

/**
 * Tells what it is told: {@code user id #n} of the n-th event that the state has seen, {@code user
 * @time #n} of a timer after n events.
 *
 * <p>What it waits for is said by an event's category: {@code keep} leaves it as it is, {@code
 * forget} is the end of the state, {@code wait 50} asks for a timer so many ms after the event, or
 * before; {@code wait 50 then 2} for two more, {@link #AGAIN} ms apart.
 */
public final class TestingJournal implements KeyedLogic<Tuple3<Long, Long, Long>> {
  /** From a timer to the next one, in ms. */
  public static final long AGAIN = 7;

  private static final long serialVersionUID = 1;

  @Override
  public Tuple3<Long, Long, Long> create() {
    return Tuple3.of(0L, NEVER, 0L);
  }

  @Override
  public void onEvent(Event event, Tuple3<Long, Long, Long> state, Consumer<OutputRecord> out) {
    state.f0++;
    String[] words = event.category().split(" ");
    if (words[0].equals("forget")) {
      state.f1 = NEVER;
    } else if (words[0].equals("wait")) {
      state.f1 = event.timestamp() + Long.parseLong(words[1]);
      state.f2 = words.length > 2 ? Long.parseLong(words[3]) : 0;
    }
    tell("%s %s #%d".formatted(event.userId(), event.eventId(), state.f0), out);
  }

  @Override
  public void onTimer(
      String key, long time, Tuple3<Long, Long, Long> state, Consumer<OutputRecord> out) {
    tell("%s @%d #%d".formatted(key, time, state.f0), out);
    state.f1 = state.f2 > 0 ? time + AGAIN : NEVER;
    state.f2--;
  }

  private static void tell(String what, Consumer<OutputRecord> out) {
    out.accept(OutputRecord.of("journal", null, what.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public long timer(Tuple3<Long, Long, Long> state) {
    return state.f1;
  }

  @Override
  public TypeSerializer<Tuple3<Long, Long, Long>> serializer() {
    return Types.<Tuple3<Long, Long, Long>>TUPLE(Types.LONG, Types.LONG, Types.LONG)
        .createSerializer(new SerializerConfigImpl());
  }
}
