package io.flinkblocks.global;

import static io.flinkblocks.global.TestingGlobal.event;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.Event;
import io.flinkblocks.ordered.TestingLogic;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever comes: the records are those that the definition makes of all events. */
class GlobalModelTest {
  private static final long T = 1_700_000_000_000L;

  /** Events of a product, one behind the other. */
  record Step(String product, long after, int number, String id, String price) {}

  @Provide
  Arbitrary<List<Event>> events() {
    Arbitrary<Long> steps =
        Arbitraries.of(
            0L, 0L, 0L, 1L, 3_000L, 60_000L, 299_999L, 300_000L, 300_001L, 599_999L, 600_000L);
    Arbitrary<Integer> numbers =
        Arbitraries.frequencyOf(
            Tuple.of(40, Arbitraries.just(1)),
            Tuple.of(5, Arbitraries.integers().between(2, 9)),
            Tuple.of(1, Arbitraries.integers().between(400, 600)));
    return Combinators.combine(
            Arbitraries.of("p", "q", "\u00fc"),
            steps,
            numbers,
            Arbitraries.of("a", "b", "\u00fc", "B"),
            Arbitraries.of("0", "0.000001", "1.005", "12.5", "999999999.999999"))
        .as(Step::new)
        .list()
        .ofMaxSize(20)
        .map(GlobalModelTest::events);
  }

  private static List<Event> events(List<Step> steps) {
    List<Event> events = new ArrayList<>();
    long time = T;
    for (Step step : steps) {
      time += step.after();
      for (int i = 0; i < step.number(); i++) {
        String price = i % 2 == 0 ? step.price() : Integer.toString(i);
        events.add(event(step.product(), step.id(), time + i / 3, price));
      }
      time += step.number() / 3;
    }
    return events;
  }

  @Provide
  Arbitrary<Long> triggerCounts() {
    return Arbitraries.of(1L, 3L, 510L);
  }

  @Property(tries = 60)
  void recordsAreThoseOfTheDefinition(
      @ForAll("events") List<Event> events, @ForAll("triggerCounts") long triggerCount) {
    assertEquals(
        TestingGlobal.model(events, triggerCount),
        TestingGlobal.byProduct(
            TestingLogic.run(new GlobalLogic(triggerCount), Event::productId, events)));
  }
}
