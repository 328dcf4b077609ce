package io.flinkblocks.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountingTest {
  private static final Map<String, Long> RIGHT =
      Map.of(
          "accounting.source.read", 1_000L,
          "accounting.source.valid", 990L,
          "accounting.source.dead-lettered", 10L,
          "accounting.source.dead-lettered.not_json", 10L,
          "accounting.revenue-metrics.used", 900L,
          "accounting.revenue-metrics.not-relevant", 80L,
          "accounting.revenue-metrics.late", 7L,
          "accounting.revenue-metrics.held", 3L,
          "accounting.output.revenue-metrics", 12L,
          "numbers", 5L);

  private static Accounting of(Map<String, Long> counters) {
    return Accounting.of(counters, List.of("revenue-metrics"));
  }

  @Test
  void whatAddsUpHasNoProblems() {
    Accounting accounts = of(RIGHT);
    assertTrue(accounts.kept());
    assertEquals(List.of(), accounts.problems());
    assertEquals(7, accounts.late());
    assertEquals(Map.of("not_json", 10L), accounts.reasons());
    assertEquals(Map.of("revenue-metrics", 12L), Accounting.outputs(RIGHT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "accounting.source.read",
        "accounting.source.valid",
        "accounting.source.dead-lettered",
        "accounting.source.dead-lettered.not_json",
        "accounting.revenue-metrics.used",
        "accounting.revenue-metrics.not-relevant",
        "accounting.revenue-metrics.late",
        "accounting.revenue-metrics.held"
      })
  void oneCounterChangedIsAProblem(String name) {
    for (long delta : new long[] {-1, 1}) {
      Map<String, Long> changed = new TreeMap<>(RIGHT);
      changed.merge(name, delta, Long::sum);
      assertFalse(of(changed).problems().isEmpty());
    }
  }

  @Test
  void mismatchIsNamedWithItsNumbers() {
    Map<String, Long> counters =
        Map.of(
            "accounting.source.read", 1_000L,
            "accounting.source.valid", 990L,
            "accounting.revenue-metrics.used", 1_200L);
    assertEquals(
        List.of(
            "read 1,000, but 990 valid + 0 dead-lettered = 990: 10 unaccounted for",
            "revenue-metrics: valid 990, but 1,200 used + 0 not relevant + 0 late + 0 held = 1,200:"
                + " 210 too many"),
        of(counters).problems());
  }

  @Test
  void missingReadAndPartialBeyondUsed() {
    assertEquals(
        List.of(
            "the number of records read is missing",
            "revenue-metrics: 1 used in part, but only 0 used"),
        of(Map.of("accounting.source.valid", 0L, "accounting.revenue-metrics.partial", 1L))
            .problems());
  }

  @Test
  void anAnalysisThatMustBeThere() {
    Map<String, Long> counters =
        Map.of("accounting.source.read", 5L, "accounting.source.valid", 5L);
    assertEquals(1, of(counters).problems().size());
  }

  @Test
  void whatAnAnalysisMissesThatJoinedLater() {
    Map<String, Long> counters = new TreeMap<>(RIGHT);
    counters.put("accounting.revenue-metrics.used", 100L);
    assertEquals(1, of(counters).problems().size());
    counters.put("since-start.revenue-metrics", 2L);
    assertEquals(1, of(counters).problems().size());

    counters.put("since-start.revenue-metrics", 0L);
    assertEquals(List.of(), of(counters).problems());
    assertEquals(800, of(counters).analyses().get(0).beforeJoining());
  }

  @Test
  void aCountBelowNothingIsAProblem() {
    Map<String, Long> counters =
        Map.of("accounting.source.read", 0L, "accounting.revenue-metrics.held", -1L);
    assertEquals(1, of(counters).problems().size());
  }

  @Test
  void anAnalysisThatJoinedLaterHasNotTooMany() {
    Map<String, Long> counters = new TreeMap<>(RIGHT);
    counters.put("since-start.revenue-metrics", 0L);
    assertEquals(List.of(), of(counters).problems());
    assertEquals(0, of(counters).analyses().get(0).beforeJoining());

    counters.put("accounting.revenue-metrics.used", 901L);
    assertEquals(
        List.of(
            "revenue-metrics: valid 990, but 901 used + 80 not relevant + 7 late + 3 held = 991:"
                + " 1 too many"),
        of(counters).problems());
  }

  @Test
  void jobWithoutAccounts() {
    Accounting accounts = Accounting.of(Map.of("numbers", 3L), List.of());
    assertEquals(Accounting.NONE, accounts);
    assertFalse(accounts.kept());
    assertEquals(List.of(), accounts.problems());
  }
}
