package io.flinkblocks.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Firing;
import io.flinkblocks.window.TestingEvents;
import io.flinkblocks.window.Window;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RollingMeasuresTest {
  private static final WindowAggregator AGGREGATOR = new WindowAggregator("out", false);
  private static final Firing FIRING = Firing.once("c", new Window(0, 1));

  /** An event of a pane. */
  record Sample(int pane, int user, int micros, boolean isPurchase) {}

  /** Windows of some panes slide over all panes, of which some have no event. */
  @Property(tries = 500)
  void windowsThatSlideAreThoseThatAreAddedUp(
      @ForAll("samples") List<Sample> samples, @ForAll("sizes") int size) {
    var rolling = AGGREGATOR.rolling();
    for (int end = 1; end <= 40; end++) {
      Measures pane = measures(samples, end - 1, end);
      if (pane.events > 0) {
        rolling.add(end - 1, pane);
      }
      rolling.removeBefore(end - size);
      Measures expected = measures(samples, end - size, end);
      assertEquals(expected.events == 0, rolling.isEmpty());
      if (expected.events > 0) {
        List<OutputRecord> records = new ArrayList<>();
        AGGREGATOR.emit(FIRING, expected, records::add);
        rolling.emit(FIRING, records::add);
        assertEquals(records.get(0), records.get(1));
        assertEquals(expected.revenue, rolling.amount());
        assertTrue(rolling.footprint() > 0);
      }
    }
  }

  @Provide
  Arbitrary<List<Sample>> samples() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 39),
            Arbitraries.integers().between(0, 8),
            Arbitraries.integers().between(0, 20),
            Arbitraries.of(true, false))
        .as(Sample::new)
        .list()
        .ofMaxSize(80);
  }

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.integers().between(1, 12);
  }

  private static Measures measures(List<Sample> samples, int fromPane, int toPane) {
    Measures measures = new Measures();
    for (Sample sample : samples) {
      if (fromPane <= sample.pane() && sample.pane() < toPane) {
        measures.add(
            TestingEvents.event(
                "c",
                "e",
                "user" + sample.user(),
                sample.isPurchase() ? "purchase" : "view",
                BigDecimal.valueOf(sample.micros(), 6),
                2,
                1));
      }
    }
    return measures;
  }
}
