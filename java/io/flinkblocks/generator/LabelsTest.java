package io.flinkblocks.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkblocks.event.Action;
import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.Event;
import io.flinkblocks.event.SourceRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Labels against the records that they tell of. */
class LabelsTest {
  private static final int EVENTS = 150_000;
  private static final double LATE = 0.01;
  private static final double INVALID = 0.05;
  private static final double FRAUD = 0.03;

  private static final List<SourceRecord> RECORDS = new ArrayList<>(EVENTS);
  private static final Map<Long, Label> LABELS = new HashMap<>();
  private static long fraudEvents;

  @BeforeAll
  static void generate() {
    ShopTraffic traffic = ShopTraffic.whole(new TrafficOptions(8, 0, 0, LATE, INVALID, FRAUD));
    while (traffic.next() < EVENTS) {
      traffic.advance();
      RECORDS.add(TestingTraffic.parsed(traffic));
      if (traffic.label() != null) {
        LABELS.put(traffic.label().n(), traffic.label());
      }
      if (Long.parseLong(new String(traffic.userId()).substring(5)) >= 1_000_000) {
        fraudEvents++;
      }
    }
  }

  private static <L extends Label> List<L> labels(Class<L> kind) {
    return LABELS.values().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static Event event(long n) {
    return assertInstanceOf(Event.class, RECORDS.get((int) n));
  }

  @Test
  void sharesAreAsRequested() {
    assertEquals(LATE * EVENTS, labels(Label.Late.class).size(), 0.1 * LATE * EVENTS);
    assertEquals(INVALID * EVENTS, labels(Label.Invalid.class).size(), 0.1 * INVALID * EVENTS);
    assertEquals(FRAUD * EVENTS, fraudEvents, 0.1 * FRAUD * EVENTS);
  }

  @Test
  void invalidAreThoseThatAreLabelledAndForThatReason() {
    Set<String> seen = new HashSet<>();
    for (long n = 0; n < EVENTS; n++) {
      if (LABELS.get(n) instanceof Label.Invalid label) {
        DeadLetter letter = assertInstanceOf(DeadLetter.class, RECORDS.get((int) n));
        assertEquals(label.reason(), letter.reason().label(), new String(letter.value()));
        assertEquals(label.field(), letter.field(), new String(letter.value()));
        seen.add(label.reason() + " " + label.field());
      } else {
        event(n);
      }
    }
    // 3 about the whole record, 9 missing, 10 types, 6 empty, 6 long, 3 ranges.
    assertEquals(37, seen.size(), seen.toString());
  }

  @Test
  void lateAreThoseThatAreLabelled() {
    long newest = 0;
    for (long n = 0; n < EVENTS; n++) {
      if (!(RECORDS.get((int) n) instanceof Event event)) {
        continue;
      }
      long behind = newest - event.timestamp();
      if (LABELS.get(n) instanceof Label.Late label) {
        assertEquals(label.behindMs(), behind, ShopTraffic.MAX_DISORDER_MS);
        assertTrue(behind > 110_000, "late by " + behind);
      } else {
        assertTrue(behind <= ShopTraffic.MAX_DISORDER_MS, "late by " + behind);
        newest = Math.max(newest, event.timestamp());
      }
    }
  }

  @Test
  void labelsNameTheEvent() {
    for (Label label : LABELS.values()) {
      if (!(label instanceof Label.Invalid)) {
        assertEquals(event(label.n()).eventId(), label.eventId());
      }
    }
  }

  @Test
  void labelsAreJson() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Set<String> kinds = new HashSet<>();
    for (Label label : LABELS.values()) {
      JsonNode json = mapper.readTree(label.toJson());
      assertEquals(label.n(), json.get("n").asLong());
      assertEquals(label.eventId(), json.get("event_id").asText());
      String details =
          Stream.of("behind_ms", "reason", "field", "rule", "user_id")
              .filter(json::has)
              .collect(Collectors.joining(" "));
      kinds.add(json.get("label").asText() + ": " + details);
    }
    assertEquals(Set.of("late: behind_ms", "invalid: reason field", "fraud: rule user_id"), kinds);
  }

  @Test
  void everyEpisodeSetsOffItsRuleAtTheLabelledEventAndNoOther() {
    Map<String, List<Event>> purchases =
        RECORDS.stream()
            .filter(Event.class::isInstance)
            .map(Event.class::cast)
            .filter(event -> event.action() == Action.PURCHASE)
            .collect(Collectors.groupingBy(Event::userId));
    List<Label.Fraud> episodes = labels(Label.Fraud.class);
    assertTrue(episodes.size() > 1_000);
    assertEquals(4, episodes.stream().map(Label.Fraud::rule).distinct().count());
    for (Label.Fraud label : episodes) {
      List<String> alerts = TestingFraudRules.alerts(purchases.get(label.userId()));
      assertEquals(List.of(label.rule() + " " + label.eventId()), alerts, label.toJson());
    }
  }

  @Test
  void episodesOfTheEndAreNotLabelled() {
    // Their last purchases are beyond it.
    Set<String> labelled =
        labels(Label.Fraud.class).stream().map(Label.Fraud::userId).collect(Collectors.toSet());
    long unlabelled =
        RECORDS.stream()
            .filter(Event.class::isInstance)
            .map(record -> ((Event) record).userId())
            .filter(user -> Long.parseLong(user.substring(5)) >= 1_000_000)
            .distinct()
            .filter(user -> !labelled.contains(user))
            .count();
    assertTrue(unlabelled > 0 && unlabelled < labelled.size() / 20, unlabelled + " unlabelled");
    assertFalse(labelled.isEmpty());
  }
}
