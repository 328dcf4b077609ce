package io.flinkblocks.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "40, 40 ms",
    "999, 999 ms",
    "3000, 3 s",
    "4210, 4.2 s",
    "59960, 1 min 0 s",
    "125000, 2 min 5 s",
    "3599600, 1 h 0 min",
    "12000000, 3 h 20 min",
    "86400000, 1 day",
    "106617600000, '1,234 days'",
    "-4200, -4.2 s"
  })
  void span(long ms, String text) {
    assertEquals(text, Wording.span(ms));
  }

  @ParameterizedTest
  @CsvSource({"0, 0 B", "999, 999 B", "1000, 1.0 kB", "999600, 1.0 MB", "5794000000, 5.8 GB"})
  void size(long bytes, String text) {
    assertEquals(text, Wording.size(bytes));
  }

  @ParameterizedTest
  @CsvSource({"0, 0/s", "0.5, 0.5/s", "12.4, 12/s", "1000000, '1,000,000/s'"})
  void rate(double perSecond, String text) {
    assertEquals(text, Wording.rate(perSecond));
  }

  @Test
  void clockAndInstant() {
    assertEquals("00:00:00", Wording.clock(-5L));
    assertEquals("100:00:00", Wording.clock(360_000_000L));
    assertEquals("2024-01-01 00:00:00", Wording.instant(1_704_067_200_000L));
  }

  @Test
  void whatIsNotKnownIsADash() {
    assertEquals("-", Wording.count(null));
    assertEquals("-", Wording.rate(null));
    assertEquals("-", Wording.clock(null));
    assertEquals("-", Wording.span(null));
    assertEquals("-", Wording.size(null));
    assertEquals("-", Wording.share(null));
    assertEquals("-", Wording.instant(null));
  }

  @ParameterizedTest
  @CsvSource({"-9223372036854775808", "9223372036854775807"})
  void anyNumberHasWords(long number) {
    for (String words :
        new String[] {Wording.span(number), Wording.instant(number), Wording.clock(number)}) {
      assertEquals(words.strip(), words);
    }
  }
}
