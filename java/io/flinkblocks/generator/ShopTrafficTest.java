package io.flinkblocks.generator;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShopTrafficTest {
  private static final TrafficOptions MIXED = new TrafficOptions(5, 0, 0, 0.01, 0.02, 0.03);

  /** Beyond the ends of blocks in every lane. */
  private static final int SOME = 3 * Lane.BLOCK * ShopTraffic.LANES / 2;

  /** Event time goes slowest here: hours with 20 events a second. */
  private static final long NIGHT = TrafficClock.DAY_EVENTS * 3L / 4;

  /** Everything that is known of an event. */
  private static List<Object> next(ShopTraffic traffic) {
    traffic.advance();
    String record = Arrays.toString(traffic.value());
    Label label = traffic.label();
    return List.of(record, new String(traffic.userId()), label == null ? "" : label.toJson());
  }

  @Test
  void eventsAreTheSameInAnyOrderOfAsking() {
    ShopTraffic whole = ShopTraffic.whole(MIXED);
    ShopTraffic other = ShopTraffic.whole(MIXED);
    Random random = new Random(1);
    for (int i = 0; i < 15; i++) {
      long n = random.nextInt(SOME);
      whole.seek(n);
      for (int follow = 0; follow < 8; follow++) {
        other.seek(whole.next());
        assertEquals(next(other), next(whole));
      }
    }
  }

  @Test
  void seekIsTheSameAsReadingOn() {
    ShopTraffic reading = ShopTraffic.whole(MIXED);
    ShopTraffic seeking = ShopTraffic.whole(MIXED);
    while (reading.next() < SOME) {
      reading.advance();
      if (reading.next() % 10_007 == 0) {
        seeking.seek(reading.next());
        assertEquals(next(seeking), next(reading));
      }
    }
  }

  @Test
  void lanesAreTheStreamInParts() {
    ShopTraffic whole = ShopTraffic.whole(MIXED);
    ShopTraffic[] lanes = new ShopTraffic[ShopTraffic.LANES];
    for (int lane = 0; lane < lanes.length; lane++) {
      lanes[lane] = ShopTraffic.ofLane(MIXED, lane);
    }
    long start = SOME - 5_000;
    whole.seek(start);
    for (int lane = 0; lane < lanes.length; lane++) {
      lanes[lane].seek(start + Math.floorMod(lane - start, (long) lanes.length));
    }
    for (int i = 0; i < 10_000; i++) {
      ShopTraffic lane = lanes[(int) (whole.next() % lanes.length)];
      assertEquals(whole.next(), lane.next());
      assertEquals(next(whole), next(lane));
    }
  }

  @Test
  void eventsFarAheadAreReachedAtOnce() {
    ShopTraffic traffic = ShopTraffic.whole(TrafficOptions.ordinary(1));
    long n = 9_000_000_000L;
    traffic.seek(n);
    traffic.advance();
    long away = TestingTraffic.event(traffic).timestamp() - TrafficClock.at(n);
    assertTrue(Math.abs(away) < ShopTraffic.MAX_DISORDER_MS, "away by " + away);
  }

  @Test
  void otherSeedGivesOtherEvents() {
    ShopTraffic one = ShopTraffic.whole(TrafficOptions.ordinary(1));
    ShopTraffic other = ShopTraffic.whole(TrafficOptions.ordinary(2));
    one.advance();
    other.advance();
    assertFalse(Arrays.equals(one.value(), other.value()));
  }

  @Test
  void streamStaysTheSameOverVersions() throws NoSuchAlgorithmException {
    // Results and labels of earlier runs stay comparable. Change it on purpose only.
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    ShopTraffic traffic = ShopTraffic.whole(MIXED);
    traffic.seek(1_000_000);
    for (int i = 0; i < 10_000; i++) {
      traffic.advance();
      digest.update(traffic.value());
    }
    assertEquals(
        "82fd8a32ce23bc16c722990964119355d6689715e6d6b45710e83c0d3cd5aa3c",
        HexFormat.of().formatHex(digest.digest()));
  }

  @Test
  void recordLooksLikeThis() {
    ShopTraffic traffic = ShopTraffic.whole(TrafficOptions.ordinary(42));
    traffic.seek(1_000_000);
    traffic.advance();
    assertEquals(
        "{\"event_id\":\"evt-fc8cfd79b876b924\",\"user_id\":\"user-02272\","
            + "\"session_id\":\"ses-6958c7e7cbe9b17e\",\"product_id\":\"prod-1024\","
            + "\"category\":\"electronics\",\"action\":\"view\",\"price\":1116.49,\"quantity\":1,"
            + "\"timestamp\":1578318616674,\"metadata\":{\"source\":\"web\","
            + "\"user_agent\":\"Firefox/133.0 (Windows)\",\"ip_address\":\"100.112.192.227\"}}",
        new String(traffic.value(), US_ASCII));
    assertEquals("user-02272", new String(traffic.userId(), US_ASCII));
  }

  @Test
  void eventIdsAreUnique() {
    Set<String> ids = new HashSet<>();
    ShopTraffic traffic = ShopTraffic.whole(TrafficOptions.ordinary(3));
    while (traffic.next() < SOME) {
      traffic.advance();
      ids.add(TestingTraffic.event(traffic).eventId());
    }
    assertEquals(SOME, ids.size());
  }

  @Test
  void disorderIsBoundedInTheStreamAndInEachLane() {
    ShopTraffic traffic = ShopTraffic.whole(TrafficOptions.ordinary(4));
    for (long start : new long[] {0, NIGHT, TrafficClock.DAY_EVENTS - 50_000}) {
      traffic.seek(start);
      long[] newest = new long[ShopTraffic.LANES + 1];
      long[] disorder = new long[ShopTraffic.LANES + 1];
      Set<Long> times = new HashSet<>();
      int events = SOME + SOME / 4;
      for (int i = 0; i < events; i++) {
        int lane = (int) (traffic.next() % ShopTraffic.LANES);
        traffic.advance();
        long at = TestingTraffic.event(traffic).timestamp();
        times.add(at);
        for (int who : new int[] {lane, ShopTraffic.LANES}) {
          disorder[who] = Math.max(disorder[who], newest[who] - at);
          newest[who] = Math.max(newest[who], at);
        }
      }
      for (long most : disorder) {
        assertTrue(most > 2_000, "hardly any disorder: " + most);
        assertTrue(most <= ShopTraffic.MAX_DISORDER_MS, "disorder of " + most);
      }
      assertTrue(times.size() < 0.99 * events, "no ties");
    }
  }

  @Test
  void lateEventsAndInvalidRecordsLeaveTheOthersAsTheyAre() {
    ShopTraffic plain = ShopTraffic.whole(TrafficOptions.ordinary(5));
    ShopTraffic mixed = ShopTraffic.whole(new TrafficOptions(5, 0, 0, 0.1, 0.1, 0));
    List<Label> labels = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      plain.advance();
      mixed.advance();
      assertArrayEquals(plain.userId(), mixed.userId());
      if (mixed.label() == null) {
        assertArrayEquals(plain.value(), mixed.value());
      } else {
        labels.add(mixed.label());
      }
    }
    assertTrue(labels.size() > 3_000);
  }
}
