package io.flinkblocks.window;

import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The order in which events come does not matter: the sessions are those of the sorted events. */
class SessionOperatorOrderTest {
  /** Longer than all that comes. */
  private static final long NOTHING_CLOSED = 1_000;

  /** An event, and how much later than its time it comes, in ms. */
  record Arrival(String user, long time, long delay) {
    long at() {
      return time + delay;
    }
  }

  @Property(tries = 200)
  void anyOrderWithinTheBoundGivesTheSameRecords(
      @ForAll("arrivals") List<Arrival> arrivals,
      @ForAll("timeouts") int timeout,
      @ForAll("bounds") int bound)
      throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(timeout, 0).open()) {
      List<String> emitted = new ArrayList<>();
      run(arrivals, bound, sessions, emitted);
      assertEquals(0, sessions.count("late"));
      assertEquals(naive(arrivals, timeout), emitted.stream().sorted().toList());
      assertTrue(sessions.isEmpty());
    }
  }

  @Property(tries = 200)
  void whatIsLeftAfterRetractionsAreTheSessionsOfAllEvents(
      @ForAll("arrivals") List<Arrival> arrivals, @ForAll("timeouts") int timeout)
      throws Exception {
    // The watermark follows at once, so many are behind it, but none is later than the lateness.
    try (TestingSessions sessions = TestingSessions.ids(timeout, 1_000).open()) {
      List<String> emitted = new ArrayList<>();
      run(arrivals, 0, sessions, emitted);
      assertEquals(0, sessions.count("late"));
      Map<String, String> view = new HashMap<>();
      for (String record : emitted) {
        String identity = identity(record);
        if (isRetraction(identity, record)) {
          assertTrue(view.remove(identity) != null, record);
        } else {
          view.put(identity, record);
        }
      }
      assertEquals(naive(arrivals, timeout), view.values().stream().sorted().toList());
      assertTrue(sessions.isEmpty());
    }
  }

  @Property(tries = 80)
  void earlyFiringsChangeNothingOfTheOtherRecords(
      @ForAll("arrivals") List<Arrival> arrivals,
      @ForAll("timeouts") int timeout,
      @ForAll("latenesses") long lateness,
      @ForAll("intervals") long interval)
      throws Exception {
    Map<String, List<String>> without = byIdentity(arrivals, timeout, lateness, 0);
    Map<String, List<String>> with = byIdentity(arrivals, timeout, lateness, interval);
    with.values().forEach(records -> assertFalse(isEarly(records.get(records.size() - 1))));
    with.values().forEach(SessionOperatorOrderTest::dropEarly);
    with.values().removeIf(List::isEmpty);
    assertEquals(without, with);
    if (lateness < NOTHING_CLOSED) {
      return; // Two stragglers can make a session with the start of one that is closed.
    }
    without.forEach(
        (identity, records) -> {
          for (int i = 0; i < records.size(); i++) {
            boolean isLast = i == records.size() - 1;
            assertTrue(
                records.get(i).endsWith(TestingIdSession.showRevision(i))
                    || isLast && isRetraction(identity, records.get(i)),
                () -> records.toString());
          }
        });
  }

  /** Early records, and the retraction if it is of nothing else. */
  private static void dropEarly(List<String> records) {
    records.removeIf(SessionOperatorOrderTest::isEarly);
    if (records.size() == 1 && !records.get(0).contains("revision")) {
      records.clear();
    }
  }

  private static boolean isEarly(String record) {
    return record.endsWith(TestingIdSession.EARLY);
  }

  /** What is emitted of each session, in this order; the watermark follows the events at once. */
  private static Map<String, List<String>> byIdentity(
      List<Arrival> arrivals, long timeout, long lateness, long interval) throws Exception {
    List<String> emitted = new ArrayList<>();
    try (TestingSessions sessions = TestingSessions.firings(timeout, lateness, interval).open()) {
      run(arrivals, 0, sessions, emitted);
      assertTrue(sessions.isEmpty());
    }
    return emitted.stream()
        .filter(record -> !record.startsWith("{")) // Late.
        .collect(Collectors.groupingBy(SessionOperatorOrderTest::identity, TreeMap::new, toList()));
  }

  private static String identity(String record) {
    return record.replaceFirst("(\\w+) (?:\\[|no )(\\d+).*", "$1 $2");
  }

  private static boolean isRetraction(String identity, String record) {
    return record.equals(identity.replace(" ", " no "));
  }

  @Provide
  Arbitrary<Long> latenesses() {
    return Arbitraries.of(0L, 10L, NOTHING_CLOSED);
  }

  @Provide
  Arbitrary<Long> intervals() {
    return Arbitraries.of(1L, 5L, 16L, 100L);
  }

  @Provide
  Arbitrary<List<Arrival>> arrivals() {
    return Combinators.combine(
            Arbitraries.of("a", "b"),
            Arbitraries.longs().between(1, 300),
            Arbitraries.longs().between(0, 50))
        .as(Arrival::new)
        .list()
        .ofMaxSize(60);
  }

  @Provide
  Arbitrary<Integer> timeouts() {
    return Arbitraries.integers().between(1, 20);
  }

  @Provide
  Arbitrary<Integer> bounds() {
    return Arbitraries.of(50, 51, 500); // No event comes more than 50 ms behind a later one.
  }

  private static void run(
      List<Arrival> arrivals, long bound, TestingSessions sessions, List<String> emitted)
      throws Exception {
    long latest = Long.MIN_VALUE + bound + 1;
    for (Arrival arrival : byArrival(arrivals)) {
      sessions.send(arrival.user(), "e" + arrivals.indexOf(arrival), arrival.time());
      latest = Math.max(latest, arrival.time());
      sessions.watermark(latest - bound - 1);
      emitted.addAll(sessions.take());
    }
    sessions.watermark(Long.MAX_VALUE);
    emitted.addAll(sessions.take());
  }

  /** Without events that are the same: they would have the same id. */
  private static List<Arrival> byArrival(List<Arrival> arrivals) {
    return arrivals.stream().distinct().sorted(Comparator.comparing(Arrival::at)).toList();
  }

  /** Every session of a list of events, in the order of the records' text. */
  private static List<String> naive(List<Arrival> arrivals, long timeout) {
    return Stream.of("a", "b")
        .flatMap(user -> naive(user, arrivals, timeout).stream())
        .sorted()
        .toList();
  }

  private static List<String> naive(String user, List<Arrival> arrivals, long timeout) {
    List<List<Arrival>> sessions = new ArrayList<>();
    long last = Long.MIN_VALUE / 2;
    for (Arrival arrival : byTime(user, arrivals)) {
      if (arrival.time() - last > timeout) {
        sessions.add(new ArrayList<>());
      }
      sessions.get(sessions.size() - 1).add(arrival);
      last = arrival.time();
    }
    return sessions.stream().map(session -> show(user, session, arrivals)).toList();
  }

  private static List<Arrival> byTime(String user, List<Arrival> arrivals) {
    return arrivals.stream()
        .distinct()
        .filter(arrival -> arrival.user().equals(user))
        .sorted(Comparator.comparing(Arrival::time))
        .toList();
  }

  private static String show(String user, List<Arrival> session, List<Arrival> arrivals) {
    return TestingIdSession.show(
        user,
        session.get(0).time(),
        session.get(session.size() - 1).time(),
        session.stream().map(arrival -> "e" + arrivals.indexOf(arrival)).toList());
  }
}
