package io.flinkblocks.pattern;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.TestingStoredForm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The stored form of a user's window. A fixture of each version stays in testdata: what savepoints
 * hold of the serializer, then the state of {@link #sample}.
 */
class PatternSerializerTest {
  private static final TestingStoredForm<PatternState> FORM =
      new TestingStoredForm<>(
          PatternSerializer.INSTANCE, "java/io/flinkblocks/pattern/testdata/user_v1.hex");
  private static final long T = 1_700_000_400_000L;

  private final PatternLogic logic = new PatternLogic();

  @Test
  void versionOneIsStillRead() throws IOException {
    assertSame(sample(), FORM.restored());
  }

  @Test
  void theFormHasNotChangedWithoutANewVersion() throws IOException {
    assertEquals(FORM.fixture(), FORM.present(sample()));
  }

  @Test
  void copiesAreEqualAndIndependent() throws IOException {
    PatternState original = sample();
    PatternState copy = PatternSerializer.INSTANCE.copy(original);
    assertSame(original, copy);
    assertEquals(original.footprint(), copy.footprint());
    for (String action : List.of("add_to_cart", "purchase", "view")) {
      for (String product : List.of("converted", "viewed", "new", "left")) {
        add(original, product, action, "later");
      }
    }
    assertSame(sample(), copy);
    assertArrayEquals(FORM.written(copy), FORM.copied(copy));
  }

  @Test
  void whatIsReadGoesOnLikeTheOriginal() throws IOException {
    PatternState original = new PatternState();
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      PatternState read = FORM.readBack(original);
      assertSame(original, read);
      String action = List.of("view", "add_to_cart", "purchase", "other").get(random.nextInt(4));
      String product = "p" + random.nextInt(60);
      add(original, product, action, "e" + i);
      add(read, product, action, "e" + i);
      assertSame(original, read);
      original = i % 2 == 0 ? read : original;
    }
    int records = records(original).size();
    assertTrue(records > 20, records + " records");
  }

  @Test
  void anEmptyStateIsWrittenAndRead() throws IOException {
    assertEquals(1, FORM.written(new PatternState()).length);
    assertTrue(FORM.readBack(new PatternState()).isEmpty());
    PatternState over = sample();
    logic.onTimer("u", T + 600_000, over, record -> {});
    assertTrue(over.isEmpty());
    assertEquals(new PatternState().footprint(), over.footprint());
    assertEquals(1, FORM.written(over).length);

    PatternState fresh = new PatternState();
    add(over, "p", "view", "e");
    add(fresh, "p", "view", "e");
    assertEquals(fresh.footprint(), over.footprint());
  }

  @Test
  void onlyWhatCanStillMatterIsKept() throws IOException {
    PatternState user = new PatternState();
    String id = "e".repeat(200);
    for (int i = 0; i < 100; i++) {
      add(user, "p", "view", id);
    }
    long views = user.footprint();
    assertTrue(views > 5 * 200 && views < 2_000, views + " bytes");
    assertEquals(5, FORM.written(user).length / 200);

    add(user, "p", "add_to_cart", id);
    add(user, "p", "purchase", id);
    assertEquals(3, FORM.written(user).length / 200);
    assertTrue(user.footprint() < views - 300);
    for (int i = 0; i < 100; i++) {
      for (String action : List.of("add_to_cart", "purchase", "view")) {
        add(user, "p", action, id);
      }
    }
    assertEquals(3, FORM.written(user).length / 200);
  }

  @Test
  void theFootprintIsThatOfWhatIsStored() throws IOException {
    PatternState user = new PatternState();
    Random random = new Random(3);
    for (int i = 0; i < 3_000; i++) {
      String action =
          List.of("view", "view", "add_to_cart", "purchase", "remove_from_cart")
              .get(random.nextInt(5));
      add(user, "p" + random.nextInt(300), action, "e".repeat(1 + random.nextInt(200)));
    }
    PatternState read = FORM.readBack(user);
    // What is read has arrays without room to spare.
    String bytes =
        "%d, read %d, written %d"
            .formatted(user.footprint(), read.footprint(), FORM.written(user).length);
    assertTrue(user.footprint() >= read.footprint(), bytes);
    assertTrue(user.footprint() < read.footprint() + 20_000, bytes);
    assertTrue(read.footprint() > FORM.written(user).length, bytes);
    for (int product = 0; product < 300; product++) {
      assertEquals(read.trail(product).footprint(), user.trail(product).footprint());
    }
  }

  /** Products of all kinds: a conversion, a cart that was left, views, nothing any more. */
  private PatternState sample() {
    PatternState user = new PatternState();
    String[] events = {
      "converted view 1",
      "converted add_to_cart 2",
      "converted purchase \u00fc3",
      "viewed view 4",
      "viewed view 5",
      "viewed view 6",
      "left add_to_cart 7",
      "left view 8",
      "left add_to_cart 9",
      "removed add_to_cart 10",
      "removed remove_from_cart 11",
      "\u00fcndecided view 12",
      "\u00fcndecided view 13",
      "\u00fcndecided view 14",
      "\u00fcndecided view 15",
      "\u00fcndecided view 16",
      "\u00fcndecided view 17",
      "bought purchase 18"
    };
    for (String event : events) {
      String[] words = event.split(" ");
      add(user, words[0], words[1], words[2]);
    }
    return user;
  }

  private void add(PatternState user, String product, String action, String id) {
    logic.onEvent(TestingPatterns.event("u", product, action, id, T + 5), user, record -> {});
  }

  private void assertSame(PatternState expected, PatternState actual) throws IOException {
    assertEquals(logic.timer(expected), logic.timer(actual));
    assertArrayEquals(FORM.written(expected), FORM.written(actual));
    assertEquals(records(expected), records(actual));
  }

  /** What would be told at the end of the window. */
  private List<String> records(PatternState user) {
    List<String> records = new ArrayList<>();
    PatternState copy = user.copy();
    if (!copy.isEmpty()) {
      logic.onTimer(
          "u",
          T + 600_000,
          copy,
          record -> records.add(new String(record.value(), StandardCharsets.UTF_8)));
    }
    return records;
  }
}
