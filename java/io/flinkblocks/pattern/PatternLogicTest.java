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

/** The patterns of users, in their operator. */
class PatternLogicTest {
  private static final long T = 1_700_000_400_000L; // A multiple of ten minutes.
  private static final long END = T + 600_000;

  /**
   * What is found in user "u"'s window: pattern, product and ids.
   *
   * @param events {@code v1} is the view with id "v1", and so on by the first letters of actions;
   *     behind a colon another product than "p". Each is 1 ms after the one before.
   */
  private static List<String> found(String events) throws Exception {
    try (TestingOrdered users = TestingPatterns.users().open()) {
      long time = T;
      for (String word : events.split(" ")) {
        String[] parts = word.split(":");
        String product = parts.length > 1 ? parts[1] : "p";
        users.send(event("u", product, action(word.charAt(0)), parts[0], time++));
      }
      users.watermark(END - 1);
      assertEquals(List.of(), users.take());
      users.watermark(END);
      assertEquals(0, users.entries() + users.timers());
      return users.take().stream().map(PatternLogicTest::brief).toList();
    }
  }

  private static String action(char letter) {
    return switch (letter) {
      case 'v' -> "view";
      case 'a' -> "add_to_cart";
      case 'r' -> "remove_from_cart";
      case 'p' -> "purchase";
      case 'w' -> "wishlist";
      default -> "other";
    };
  }

  private static String brief(String value) {
    return value
        .replaceFirst(".*\"pattern\":\"(\\w+)\".*\"product_id\":\"(.*?)\".*\\[(.*)].*", "$1 $2 $3")
        .replace("\"", "");
  }

  @Test
  void aRecordTellsAllOfItsPattern() throws Exception {
    try (TestingOrdered users = TestingPatterns.users().open()) {
      users.send(event("\u00fcs\"er", "p\"", "view", "\\1", T));
      users.send(event("\u00fcs\"er", "p\"", "add_to_cart", "\u00fc", END - 2));
      users.send(event("\u00fcs\"er", "p\"", "purchase", "3", END - 1));
      users.watermark(Long.MAX_VALUE);
      List<StreamRecord<OutputRecord>> records = users.takeRecords();
      assertEquals(1, records.size());
      assertEquals(END, records.get(0).getTimestamp());
      assertEquals(
          OutputRecord.of(
              "windowing-pattern",
              utf8("\u00fcs\"er"),
              utf8(
                  "{\"pattern\":\"conversion\",\"user_id\":\"\u00fcs\\\"er\",\"product_id\":\"p\\\"\","
                      + "\"window_start\":1700000400000,\"window_end\":1700001000000,"
                      + "\"event_ids\":[\"\\\\1\",\"\u00fc\",\"3\"]}")),
          records.get(0).getValue());
    }
  }

  @Test
  void aConversionIsTheFirstViewThenAddThenPurchase() throws Exception {
    assertEquals(List.of("conversion p v1,a1,p1"), found("v1 a1 p1"));
    assertEquals(List.of("conversion p v1,a1,p1"), found("v1 v2 a1 a2 v3 p1 p2 a3 p3"));
    assertEquals(List.of("conversion p v1,a2,p3"), found("p1 a1 p2 v1 w1 r1 a2 r2 o1 p3"));
    assertEquals(List.of(), found("a1 v1 p1"));
    assertEquals(List.of(), found("v1 p1 a1 r1"));
    assertEquals(List.of("abandoned_cart q a1"), found("v1 a1:q p1"));
  }

  @Test
  void anAbandonedCartIsTheLastAddWithoutPurchaseOrRemoval() throws Exception {
    assertEquals(List.of("abandoned_cart p a1"), found("a1"));
    assertEquals(List.of("abandoned_cart p a2"), found("p1 a1 a2 v1 w1 o1"));
    assertEquals(List.of("abandoned_cart p a2"), found("a1 r1 a2"));
    assertEquals(List.of(), found("a1 a2 r1"));
    assertEquals(List.of(), found("a1 p1"));
    assertEquals(List.of("abandoned_cart p a1"), found("a1 p1:q r1:q"));
  }

  @Test
  void indecisionIsFiveViewsAndNoAdd() throws Exception {
    assertEquals(List.of(), found("v1 v2 v3 v4"));
    assertEquals(List.of("indecision p v1,v2,v3,v4,v5"), found("v1 v2 v3 r1 v4 p1 v5"));
    assertEquals(List.of("indecision p v1,v2,v3,v4,v5"), found("v1 v2 v3 v4 v5 v6 v7"));
    assertEquals(List.of(), found("a1 r1 v1 v2 v3 v4 v5 v6"));
    assertEquals(List.of(), found("v1 v2 v3 v4 v5 a1 r1"));
    assertEquals(List.of(), found("v1 v2 a1 r1 v3 v4 v5 v6 v7"));
  }

  @Test
  void recordsComeByTheBytesOfProductsAndThenByPattern() throws Exception {
    // As chars the surrogates of the last one would come before the one before it.
    assertEquals(
        List.of(
            "abandoned_cart A a9",
            "conversion a v1,a1,p1",
            "abandoned_cart a a2",
            "indecision aa v1,v2,v3,v4,v5",
            "abandoned_cart \uffff a4",
            "abandoned_cart \ud83d\ude00 a3"),
        found(
            "a3:\ud83d\ude00 a4:\uffff v1:aa v2:aa v1:a v3:aa a1:a v4:aa p1:a v5:aa a2:a a9:A"
                + " v1:none"));
  }

  @Test
  void eventsOfOneTimeComeByIdAndThenByTheirBytes() throws Exception {
    try (TestingOrdered users = TestingPatterns.users().open()) {
      users.send(event("u", "p", "purchase", "c", T));
      users.send(event("u", "p", "view", "a", T));
      users.send(event("u", "p", "add_to_cart", "b", T));
      // By the bytes of the same id's events an add_to_cart comes before a purchase and a view.
      users.send(event("v", "p", "view", "x", T));
      users.send(event("v", "p", "purchase", "x", T));
      users.send(event("v", "p", "add_to_cart", "x", T));
      users.watermark(END);
      assertEquals(
          List.of("conversion p a,b,c"),
          users.take().stream().map(PatternLogicTest::brief).toList());
    }
  }

  @Test
  void aWindowEndsExactlyAtTenMinutes() throws Exception {
    try (TestingOrdered users = TestingPatterns.users().open()) {
      users.send(event("u", "p", "view", "v", END - 1));
      users.send(event("u", "p", "add_to_cart", "a", END));
      users.send(event("u", "p", "purchase", "b", END + 599_999));
      users.send(event("u", "p", "add_to_cart", "c", END + 600_000));
      users.watermark(END + 600_000);
      assertEquals(List.of(), users.take());
      users.watermark(END + 1_200_000);
      assertEquals(
          List.of(
              "{\"pattern\":\"abandoned_cart\",\"user_id\":\"u\",\"product_id\":\"p\","
                  + "\"window_start\":1700001600000,\"window_end\":1700002200000,"
                  + "\"event_ids\":[\"c\"]}"),
          users.take());
    }
  }

  @Test
  void whatTheWatermarkHasReachedIsLate() throws Exception {
    try (TestingOrdered users = TestingPatterns.users().open()) {
      users.send(event("u", "p", "add_to_cart", "a", T + 10));
      users.watermark(T + 10);
      Event late = event("u", "p", "remove_from_cart", "r", T + 10);
      users.send(late);
      users.watermark(Long.MAX_VALUE);
      List<String> values = users.take();
      assertEquals(
          "{\"analysis\":\"windowing-pattern\",\"late_by_ms\":0,\"event\":" + late + "}",
          values.get(0));
      assertEquals(List.of("abandoned_cart p a"), List.of(brief(values.get(1))));
      assertEquals(
          List.of(1L, 1L, 0L),
          List.of(users.count("used"), users.count("late"), users.count("held")));
    }
  }

  @Test
  void silentUsersLeaveNothingBehind() throws Exception {
    try (TestingOrdered users = TestingPatterns.users().open()) {
      for (int i = 0; i < 100; i++) {
        users.send(event("user " + i, "p", "view", "v", T + i));
        users.send(event("other " + i, "p", i % 2 == 0 ? "wishlist" : "purchase", "w", T + i));
      }
      users.send(event("user 3", "p", "purchase", "p", END + 5));
      users.watermark(END - 1);
      assertEquals(100, users.entries("logic")); // Nothing of those who did nothing that matters.
      users.watermark(END);
      assertEquals(0, users.entries("logic"));
      users.watermark(END + 5);
      assertEquals(0, users.entries() + users.timers());
      assertEquals(List.of(), users.take());
    }
  }

  /** An event, so long after the one before. */
  record Step(String user, String product, String action, String id, long after) {}

  @Provide
  Arbitrary<List<Event>> events() {
    return Combinators.combine(
            Arbitraries.of("u", "v"),
            Arbitraries.of("p", "p", "q", "\u00fc"),
            Arbitraries.of(
                "view",
                "view",
                "view",
                "add_to_cart",
                "purchase",
                "remove_from_cart",
                "wishlist",
                "other"),
            Arbitraries.of("a", "b", "\u00fc", "B", "c", "d"),
            Arbitraries.of(0L, 0L, 0L, 1L, 1_000L, 10_000L, 599_999L, 600_000L))
        .as(Step::new)
        .list()
        .ofMaxSize(60)
        .map(PatternLogicTest::events);
  }

  private static List<Event> events(List<Step> steps) {
    List<Event> events = new ArrayList<>();
    long time = END - 30_000;
    for (Step step : steps) {
      time += step.after();
      events.add(event(step.user(), step.product(), step.action(), step.id(), time));
    }
    return events;
  }

  @Property(tries = 300)
  void recordsAreThoseOfTheDefinition(@ForAll("events") List<Event> events) {
    assertEquals(
        TestingDefinition.users(events),
        TestingDefinition.byKey(TestingLogic.run(new PatternLogic(), Event::userId, events)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
