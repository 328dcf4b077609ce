package io.flinkblocks.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficOptionsTest {
  private TrafficOptions with(String flag, String value) {
    Map<String, String> flags = new HashMap<>(Map.of("seed", "1", "records", "10", "rate", "0"));
    flags.put(flag, value);
    return TrafficOptions.of(Settings.of(flags));
  }

  @Test
  void missingSharesAreNone() {
    assertEquals(new TrafficOptions(1, 10, 2.5, 0, 0, 0), with("rate", "2.5"));
  }

  @Test
  void noLimitAndALimit() {
    assertEquals(10, with("seed", "1").limit());
    assertEquals(Long.MAX_VALUE, with("records", "0").limit());
  }

  @ParameterizedTest
  @CsvSource({
    "records, -1",
    "rate, -0.5",
    "late-events, 1.1",
    "invalid-records, -0.1",
    "fraud-episodes, 2"
  })
  void badValuesAreNamed(String flag, String value) {
    UserError error = assertThrows(UserError.class, () -> with(flag, value));
    assertTrue(error.getMessage().contains("--" + flag + " is " + value), error.getMessage());
  }

  @Test
  void sharesMayBeAllButNotMore() {
    new TrafficOptions(1, 0, 0, 0.7, 0.2, 0.1);
    assertThrows(UserError.class, () -> new TrafficOptions(1, 0, 0, 0.7, 0.2, 0.2));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void sharesOfAllEvents(double share) {
    for (int which = 0; which < 3; which++) {
      TrafficOptions options =
          new TrafficOptions(
              1, 0, 0, which == 0 ? share : 0, which == 1 ? share : 0, which == 2 ? share : 0);
      ShopTraffic traffic = ShopTraffic.whole(options);
      int labels = 0;
      while (traffic.next() < 2000) {
        traffic.advance();
        labels += traffic.label() == null ? 0 : 1;
      }
      // Of fraud there is one label per episode.
      assertTrue(share == 0 ? labels == 0 : labels > (which == 2 ? 300 : 1999), labels + "");
    }
  }
}
