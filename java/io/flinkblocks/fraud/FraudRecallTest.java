package io.flinkblocks.fraud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventParser;
import io.flinkblocks.generator.Label;
import io.flinkblocks.generator.ShopTraffic;
import io.flinkblocks.generator.TrafficOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules against the generator's labels: every episode is found, at the purchase it names. */
class FraudRecallTest {
  private static final int EVENTS = 100_000;
  private static final double FRAUD = 0.1;

  @Test
  void everyLabelledEpisodeIsFound() {
    for (long seed : new long[] {1, 42}) {
      List<Label.Fraud> episodes = new ArrayList<>();
      Map<String, List<Event>> purchases = purchases(seed, episodes);
      assertTrue(episodes.size() > 1_000, episodes.size() + " episodes");
      assertEquals(4, episodes.stream().map(Label.Fraud::rule).distinct().count());
      for (Label.Fraud episode : episodes) {
        List<String> alerts =
            TestingUser.alerts(TestingPurchases.settings(), purchases.get(episode.userId()));
        // Its user does nothing else, so that no other rule fires, either.
        assertEquals(1, alerts.size(), episode.toJson() + " " + alerts);
        assertEquals(
            "\"rule\":\"%s\" \"user_id\":\"%s\",\"event_id\":\"%s\""
                .formatted(episode.rule(), episode.userId(), episode.eventId()),
            alerts
                .get(0)
                .replaceAll(".*(\"rule\":\"\\w+\").*(\"user_id\".*),\"timestamp.*", "$1 $2"));
      }
    }
  }

  /** Purchases by user in the order of their arrival; collects the labels of fraud. */
  private static Map<String, List<Event>> purchases(long seed, List<Label.Fraud> episodes) {
    Map<String, List<Event>> purchases = new HashMap<>();
    EventParser parser = new EventParser();
    ShopTraffic traffic = ShopTraffic.whole(new TrafficOptions(seed, 0, 0, 0, 0, FRAUD));
    for (int n = 0; n < EVENTS; n++) {
      traffic.advance();
      if (parser.parse(traffic.value(), Long.MAX_VALUE) instanceof Event event
          && event.action() == Action.PURCHASE) {
        purchases.computeIfAbsent(event.userId(), user -> new ArrayList<>()).add(event);
      }
      if (traffic.label() instanceof Label.Fraud fraud) {
        episodes.add(fraud);
      }
    }
    return purchases;
  }
}
