package io.flinkblocks.generator;

import io.flinkblocks.event.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The four fraud rules in their plainest form, without the pause after an alert. */
final class TestingFraudRules {
  private static final long MILLION = 1_000_000;

  private TestingFraudRules() {}

  /** Rule and event id of every alert that one user's purchases raise. */
  static List<String> alerts(List<Event> purchases) {
    List<Event> ordered = new ArrayList<>(purchases);
    ordered.sort(Comparator.comparingLong(Event::timestamp).thenComparing(Event::eventId));
    List<String> alerts = new ArrayList<>();
    for (int i = 0; i < ordered.size(); i++) {
      List<Event> soFar = ordered.subList(0, i + 1);
      Event now = ordered.get(i);
      if (within(soFar, 60_000).size() >= 5) {
        alerts.add("velocity " + now.eventId());
      }
      double mean = soFar.subList(0, i).stream().mapToLong(Event::amountMicros).average().orElse(0);
      if (i >= 3 && now.amountMicros() > 10 * mean) {
        alerts.add("high_amount " + now.eventId());
      }
      if (i >= 1 && now.amountMicros() >= 500 * MILLION) {
        Event before = ordered.get(i - 1);
        boolean recent = now.timestamp() - before.timestamp() <= 60_000;
        if (recent && before.amountMicros() <= MILLION) {
          alerts.add("small_then_large " + now.eventId());
        }
      }
      long addresses =
          within(soFar, 300_000).stream()
              .map(event -> event.string(Event.IP_ADDRESS))
              .filter(Objects::nonNull)
              .distinct()
              .count();
      if (addresses >= 3) {
        alerts.add("many_ips " + now.eventId());
      }
    }
    return alerts;
  }

  private static List<Event> within(List<Event> soFar, long window) {
    long from = soFar.get(soFar.size() - 1).timestamp() - window;
    return soFar.stream().filter(event -> event.timestamp() > from).toList();
  }
}
