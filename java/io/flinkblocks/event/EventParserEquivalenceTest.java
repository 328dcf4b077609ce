package io.flinkblocks.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.DeadLetter.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link EventParser} says the same as {@link TestingReferenceParser} on every record. */
class EventParserEquivalenceTest {
  private final EventParser parser = new EventParser();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void validJsonInAnyFormatting(long seed) {
    TestingRecords records = new TestingRecords(seed);
    int events = 0;
    Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
    for (int i = 0; i < 3_000; i++) {
      TestingVerdict verdict = compare(records.next());
      if (verdict.reason() == null) {
        events++;
      } else {
        reasons.merge(verdict.reason(), 1, Integer::sum);
      }
    }
    // The comparison is worth something only if it sees enough of each kind.
    assertTrue(events > 1_000, events + " events");
    for (Reason reason :
        Arrays.asList(
            Reason.TOO_DEEP,
            Reason.MISSING_FIELD,
            Reason.WRONG_TYPE,
            Reason.EMPTY,
            Reason.TOO_LONG,
            Reason.OUT_OF_RANGE)) {
      assertTrue(reasons.getOrDefault(reason, 0) > 10, reason + " in " + reasons);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void damagedBytes(long seed) {
    TestingRecords records = new TestingRecords(seed);
    int stillJson = 0;
    for (int i = 0; i < 6_000; i++) {
      TestingVerdict verdict = compare(records.damaged(records.next()));
      stillJson += verdict.reason() == Reason.NOT_JSON ? 0 : 1;
    }
    assertTrue(stillJson > 300, stillJson + " still JSON");
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32})
  void theRecordBeforeDoesNotMatter(long seed) {
    TestingRecords records = new TestingRecords(seed);
    for (int i = 0; i < 1_000; i++) {
      byte[] record = records.next();
      compare(record);
      // Now the parser expects this very form.
      compare(record);
      compare(records.damaged(record));
      compare(record);
    }
  }

  @Test
  void truncationAtEveryByte() {
    TestingRecords records = new TestingRecords(21);
    for (int i = 0; i < 25; i++) {
      byte[] record = records.next();
      for (int length = 0; length < record.length; length++) {
        compare(Arrays.copyOf(record, length));
      }
    }
  }

  @Test
  void everyByteValueAtEveryPosition() {
    byte[] record =
        "{\"event_id\":\"e\",\"user_id\":\"\\u00e9\",\"price\":-1.5e+2,\"x\":[true,{},null]}"
            .getBytes(StandardCharsets.UTF_8);
    for (int position = 0; position < record.length; position++) {
      for (int value = 0; value < 256; value++) {
        byte[] changed = record.clone();
        changed[position] = (byte) value;
        compare(changed);
      }
    }
  }

  private TestingVerdict compare(byte[] record) {
    TestingVerdict expected = reference(record);
    if (!expected.equals(actual(record))) {
      byte[] shortest = shrink(record);
      assertEquals(
          reference(shortest),
          actual(shortest),
          () ->
              new String(shortest, StandardCharsets.UTF_8)
                  + "\n"
                  + Base64.getEncoder().encodeToString(shortest));
    }
    return expected;
  }

  private TestingVerdict reference(byte[] record) {
    return TestingReferenceParser.parse(record, TestingRecords.LATEST_TIMESTAMP);
  }

  private TestingVerdict actual(byte[] record) {
    return TestingVerdict.of(parser.parse(record, TestingRecords.LATEST_TIMESTAMP));
  }

  /** Leaves out bytes as long as the two still disagree. */
  private byte[] shrink(byte[] record) {
    byte[] bytes = record;
    for (int length = bytes.length / 2; length > 0; length /= 2) {
      for (int from = 0; from + length <= bytes.length; ) {
        byte[] shorter = new byte[bytes.length - length];
        System.arraycopy(bytes, 0, shorter, 0, from);
        System.arraycopy(bytes, from + length, shorter, from, shorter.length - from);
        if (reference(shorter).equals(actual(shorter))) {
          from += length;
        } else {
          bytes = shorter;
        }
      }
    }
    return bytes;
  }
}
