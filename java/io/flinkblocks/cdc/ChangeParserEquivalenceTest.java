package io.flinkblocks.cdc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.cdc.TestingEnvelopes.Given;
import io.flinkblocks.event.TestingRecords;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link ChangeParser} says the same as {@link TestingReferenceParser} on every record. */
class ChangeParserEquivalenceTest {
  private final ChangeParser parser = new ChangeParser();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void envelopesInAnyFormattingAndEncoding(long seed) {
    TestingEnvelopes envelopes = new TestingEnvelopes(seed);
    Map<String, Integer> kinds = new TreeMap<>();
    for (int i = 0; i < 1_500; i++) {
      kinds.merge(kind(compare(envelopes.next())), 1, Integer::sum);
    }
    // The comparison is worth something only if it sees enough of each kind.
    assertTrue(kinds.getOrDefault("change", 0) > 600, kinds::toString);
    for (String kind : new String[] {"MISSING_FIELD", "WRONG_TYPE", "OUT_OF_RANGE", "skipped"}) {
      assertTrue(kinds.getOrDefault(kind, 0) > 10, kinds::toString);
    }
  }

  @Property(tries = 500)
  void anyEnvelope(@ForAll long seed) {
    compare(new TestingEnvelopes(seed).next());
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void damagedBytes(long seed) {
    TestingEnvelopes envelopes = new TestingEnvelopes(seed);
    TestingRecords injuries = new TestingRecords(seed);
    int stillJson = 0;
    for (int i = 0; i < 2_000; i++) {
      Given given = envelopes.next();
      byte[] key = i % 4 == 0 ? injuries.damaged(given.key()) : given.key();
      byte[] value = i % 4 != 0 ? injuries.damaged(given.value()) : given.value();
      stillJson += kind(compare(new Given(key, value))).equals("NOT_JSON") ? 0 : 1;
    }
    assertTrue(stillJson > 100, stillJson + " still JSON");
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void theRecordBeforeDoesNotMatter(long seed) {
    TestingEnvelopes envelopes = new TestingEnvelopes(seed);
    TestingRecords injuries = new TestingRecords(seed);
    for (int i = 0; i < 300; i++) {
      Given given = envelopes.next();
      compare(given);
      // Now the parser expects this very form.
      compare(given);
      compare(new Given(given.key(), injuries.damaged(given.value())));
      compare(given);
    }
  }

  @Test
  void truncationAtEveryByte() {
    TestingEnvelopes envelopes = new TestingEnvelopes(31);
    for (int i = 0; i < 8; i++) {
      Given given = envelopes.next();
      for (int length = 0; length < given.value().length; length++) {
        compare(new Given(given.key(), Arrays.copyOf(given.value(), length)));
      }
      for (int length = 0; length < given.key().length; length++) {
        compare(new Given(Arrays.copyOf(given.key(), length), given.value()));
      }
    }
  }

  @Test
  void everyByteValueAtEveryPosition() {
    byte[] value =
        ("{\"op\":\"c\",\"source\":{\"table\":\"orders\",\"lsn\":7},\"after\":{\"id\":7,"
                + "\"amount\":\"12.50\",\"created_at\":\"2026-01-31T01:02:03.45Z\"}}")
            .getBytes(StandardCharsets.UTF_8);
    byte[] key = "{\"id\":7}".getBytes(StandardCharsets.UTF_8);
    for (int position = 0; position < value.length; position++) {
      for (int b = 0; b < 256; b++) {
        byte[] changed = value.clone();
        changed[position] = (byte) b;
        compare(new Given(key, changed));
      }
    }
  }

  private static String kind(ChangeRecord record) {
    if (record instanceof Refused refused) {
      return refused.letter().reason().name();
    }
    return record instanceof Change ? "change" : "skipped";
  }

  /** Compares what the two make of a record, and of its value as a line. */
  private ChangeRecord compare(Given given) {
    if (!agree(given)) {
      Given shortest = shrink(given);
      assertEquals(expected(shortest), actual(shortest), () -> text(shortest));
    }
    ChangeRecord parsed = parser.parse(given.key(), given.value(), null);
    if (parsed instanceof Change change) {
      check(change.after());
      check(change.before());
    }
    return parsed;
  }

  private boolean agree(Given given) {
    return expected(given).equals(actual(given));
  }

  private static List<ChangeRecord> expected(Given given) {
    return List.of(
        TestingReferenceParser.parse(given.key(), given.value(), null),
        TestingReferenceParser.parseLine(given.value()));
  }

  private List<ChangeRecord> actual(Given given) {
    return List.of(parser.parse(given.key(), given.value(), null), parser.parseLine(given.value()));
  }

  /** Leaves out bytes of the value as long as the two still disagree. */
  private Given shrink(Given given) {
    Given last = given;
    for (int length = last.value().length / 2; length > 0; length /= 2) {
      for (int from = 0; from + length <= last.value().length; ) {
        byte[] shorter = new byte[last.value().length - length];
        System.arraycopy(last.value(), 0, shorter, 0, from);
        System.arraycopy(last.value(), from + length, shorter, from, shorter.length - from);
        Given next = new Given(given.key(), shorter);
        if (agree(next)) {
          from += length;
        } else {
          last = next;
        }
      }
    }
    return last;
  }

  /** The places of the values are those that the row's bytes alone tell. */
  private static void check(Row row) {
    if (row != null) {
      Row again = Row.of(row.json());
      assertEquals(again.columns(), row.columns());
      for (String column : row.columns().names()) {
        assertEquals(new String(again.value(column)), new String(row.value(column)));
      }
    }
  }

  private static String text(Given given) {
    return new String(given.key(), StandardCharsets.UTF_8)
        + "\n"
        + new String(given.value(), StandardCharsets.UTF_8);
  }
}
