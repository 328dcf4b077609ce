package io.flinkblocks.pattern;

import static io.flinkblocks.pattern.TestingPatterns.event;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.Event;
import io.flinkblocks.ordered.TestingLogic;
import io.flinkblocks.ordered.TestingOrdered;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/** The spikes of categories, in their operator. */
class SpikeLogicTest {
  private static final long MINUTE = 60_000;
  private static final long T = 1_700_000_400_000L; // A multiple of a minute.

  /** The spikes of a category with so many events in each minute: {@code 5: 7 > 2.00}. */
  private static List<String> spikes(int... counts) throws Exception {
    try (TestingOrdered categories = TestingPatterns.categories().open()) {
      for (int minute = 0; minute < counts.length; minute++) {
        for (int i = 0; i < counts[minute]; i++) {
          // The first at the minute's start, the last at its end.
          long time = T + minute * MINUTE + (i + 1 == counts[minute] && i > 0 ? MINUTE - 1 : 0);
          categories.send(event("c", "u", "p", "view", "e" + i, time));
        }
      }
      categories.watermark(Long.MAX_VALUE);
      assertEquals(0, categories.entries() + categories.timers());
      return categories.take().stream().map(SpikeLogicTest::brief).toList();
    }
  }

  private static String brief(String value) {
    String[] numbers = value.replaceAll("[^\\d,.]", "").split(",");
    return "%d: %s > %s"
        .formatted((Long.parseLong(numbers[2]) - T) / MINUTE, numbers[4], numbers[5]);
  }

  @Test
  void aRecordTellsAllOfItsSpike() throws Exception {
    try (TestingOrdered categories = TestingPatterns.categories().open()) {
      String name = "\u00fc\"c";
      for (int i = 0; i < 10; i++) {
        long minute = i < 6 ? 0 : 5;
        categories.send(event(name, "u", "p", "other", "e" + i, T + minute * MINUTE + 7 * i));
      }
      categories.watermark(T + 6 * MINUTE - 1);
      assertEquals(List.of(), categories.take());
      categories.watermark(T + 6 * MINUTE);
      List<StreamRecord<OutputRecord>> records = categories.takeRecords();
      assertEquals(1, records.size());
      assertEquals(T + 6 * MINUTE, records.get(0).getTimestamp());
      assertEquals(
          OutputRecord.of(
              "windowing-pattern",
              name.getBytes(StandardCharsets.UTF_8),
              ("{\"pattern\":\"spike\",\"category\":\"\u00fc\\\"c\",\"window_start\":1700000700000,"
                      + "\"window_end\":1700000760000,\"event_count\":4,\"baseline\":1.20}")
                  .getBytes(StandardCharsets.UTF_8)),
          records.get(0).getValue());
    }
  }

  @Test
  void aSpikeIsMoreThanThreeTimesTheMean() throws Exception {
    assertEquals(List.of(), spikes(1, 2, 3, 2, 2, 6)); // Exactly three times 2.
    assertEquals(List.of("5: 7 > 2.00"), spikes(1, 2, 3, 2, 2, 7));
    assertEquals(List.of("5: 7 > 2.20"), spikes(1, 2, 3, 2, 3, 7)); // Three times are 6.6.
    assertEquals(List.of(), spikes(1, 2, 3, 2, 4, 7)); // 7.2.
  }

  @Test
  void emptyMinutesCountAsNothing() throws Exception {
    assertEquals(List.of("5: 1 > 0.20"), spikes(1, 0, 0, 0, 0, 1));
    assertEquals(List.of("7: 3 > 0.80"), spikes(9, 0, 1, 2, 0, 0, 1, 3));
  }

  @Test
  void fiveMinutesAreNeededFromTheFirstEventOn() throws Exception {
    assertEquals(List.of(), spikes(1, 1, 1, 1, 100));
    assertEquals(List.of("5: 100 > 1.00", "7: 200 > 20.80"), spikes(1, 1, 1, 1, 1, 100, 1, 200));
    assertEquals(List.of(), spikes(0, 1, 1, 1, 1, 100));
  }

  @Test
  void afterFiveEmptyMinutesACategoryIsNew() throws Exception {
    assertEquals(List.of("9: 9 > 0.40"), spikes(1, 1, 1, 1, 2, 0, 0, 0, 0, 9));
    assertEquals(List.of("10: 9 > 0.20"), spikes(1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 9));
    assertEquals(List.of(), spikes(1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 9, 99, 1, 1, 999));
    assertEquals(
        List.of("15: 999 > 22.20"), spikes(1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 9, 99, 1, 1, 1, 999));
  }

  @Test
  void aCategoryIsForgottenBeforeAnEventOfThatMinute() throws Exception {
    try (TestingOrdered categories = TestingPatterns.categories().open()) {
      categories.send(event("c", "u", "p", "view", "a", T + 59_999));
      categories.send(event("d", "u", "p", "view", "a", T));
      categories.watermark(T + 6 * MINUTE - 1);
      assertEquals(2, categories.entries());
      assertEquals(2, categories.timers());
      categories.send(event("d", "u", "p", "view", "b", T + 6 * MINUTE));
      categories.watermark(T + 6 * MINUTE);
      assertEquals(1, categories.entries());
      assertEquals(1, categories.timers());
      categories.watermark(T + 12 * MINUTE);
      assertEquals(0, categories.entries() + categories.timers());
      assertEquals(List.of(), categories.take());
    }
  }

  @Test
  void whatTheWatermarkHasReachedIsLateUnderTheNameOfTheSpikes() throws Exception {
    try (TestingOrdered categories = TestingPatterns.categories().open()) {
      categories.watermark(T);
      Event late = event("c", "u", "p", "view", "a", T - 3);
      categories.send(late);
      assertEquals(
          List.of(
              "{\"analysis\":\"windowing-pattern-spike\",\"late_by_ms\":3,\"event\":" + late + "}"),
          categories.take());
      assertEquals(1, categories.count("late"));
    }
  }

  /** So many events in a minute, so many minutes after those before. */
  record Step(String category, int minutes, int number, long within) {}

  @Provide
  Arbitrary<List<Event>> events() {
    return Combinators.combine(
            Arbitraries.of("c", "c", "\u00fc"),
            Arbitraries.of(0, 1, 1, 1, 1, 1, 2, 4, 5, 6, 7),
            Arbitraries.of(1, 1, 1, 2, 3, 4, 6, 7, 15, 40),
            Arbitraries.of(0L, 1L, 30_000L, 59_999L))
        .as(Step::new)
        .list()
        .ofMaxSize(40)
        .map(SpikeLogicTest::events);
  }

  private static List<Event> events(List<Step> steps) {
    List<Event> events = new ArrayList<>();
    long minute = T;
    for (Step step : steps) {
      minute += step.minutes() * MINUTE;
      for (int i = 0; i < step.number(); i++) {
        events.add(event(step.category(), "u", "p", "view", "e" + i, minute + step.within()));
      }
    }
    return events;
  }

  @Property(tries = 300)
  void spikesAreThoseOfTheDefinition(@ForAll("events") List<Event> events) {
    assertEquals(
        TestingDefinition.categories(events),
        TestingDefinition.byKey(TestingLogic.run(new SpikeLogic(), Event::category, events)));
  }
}
