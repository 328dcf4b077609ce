package io.flinkblocks.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.DeadLetter.Header;
import io.flinkblocks.event.DeadLetter.Origin;
import io.flinkblocks.event.DeadLetter.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventTest {
  @Test
  void orderIsTimestampThenIdThenBytes() {
    Event escaped = TestingEvents.of("\\u0062", 20);
    List<Event> ordered =
        List.of(
            TestingEvents.of("z", 10),
            TestingEvents.of("a", 20),
            TestingEvents.of("aa", 20),
            // The same id; of the two records, the backslash comes before the letter.
            escaped,
            TestingEvents.of("b", 20),
            TestingEvents.of("\u00e9", 20),
            // As UTF-16 it would come before the next one.
            TestingEvents.of("\uffff", 20),
            TestingEvents.of("\ud83d\ude00", 20),
            TestingEvents.of("a", 100));
    List<Event> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(1));
    shuffled.sort(EventOrder.INSTANCE);
    assertEquals(ordered, shuffled);
    for (Event event : ordered) {
      assertEquals(0, EventOrder.INSTANCE.compare(event, event));
    }
  }

  @Test
  void eventsOfTheSameBytesAreEqual() {
    Event event = TestingEvents.of("\\u0062", 20);
    assertEquals(event, TestingEvents.of("\\u0062", 20));
    assertEquals(event.hashCode(), TestingEvents.of("\\u0062", 20).hashCode());
    assertNotEquals(event, TestingEvents.of("b", 20));
    assertNotEquals(event, TestingEvents.of("\\u0062", 21));
    assertTrue(event.toString().startsWith("{\"event_id\":\"\\u0062\""));
  }

  @Test
  void deadLettersAreEqualByContent() {
    DeadLetter letter = letter(new byte[] {1}, new byte[] {2}, new byte[] {3});
    assertEquals(letter, letter(new byte[] {1}, new byte[] {2}, new byte[] {3}));
    assertEquals(
        letter.hashCode(), letter(new byte[] {1}, new byte[] {2}, new byte[] {3}).hashCode());
    assertNotEquals(letter, letter(new byte[] {0}, new byte[] {2}, new byte[] {3}));
    assertNotEquals(letter, letter(new byte[] {1}, null, new byte[] {3}));
    assertNotEquals(letter, letter(new byte[] {1}, new byte[] {2}, null));
    assertNotEquals(letter, new DeadLetter(new byte[] {1}, Reason.EMPTY, "action", null));
  }

  private static DeadLetter letter(byte[] value, byte[] key, byte[] header) {
    return new DeadLetter(value, Reason.EMPTY, "action", null)
        .from(new Origin("events", 1, 5, key, List.of(new Header("h", header))));
  }
}
