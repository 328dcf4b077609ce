package io.flinkblocks.fraud;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventOrder;
import io.flinkblocks.ordered.KeyedLogic;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One user's purchases before the logic, without an engine. */
final class TestingUser {
  private final FraudLogic logic;
  private FraudState state;

  TestingUser(Settings settings) {
    logic = new FraudLogic(Thresholds.of(settings));
    state = logic.create();
  }

  /** One of whom this is known, and the usual thresholds. */
  TestingUser(FraudState state) {
    this(TestingPurchases.settings());
    this.state = state;
  }

  /** The values of the alerts of purchases that come in any order. */
  static List<String> alerts(Settings settings, List<Event> purchases) {
    TestingUser user = new TestingUser(settings);
    List<String> alerts = new ArrayList<>();
    purchases.stream()
        .sorted(EventOrder.INSTANCE)
        .forEach(purchase -> alerts.addAll(user.buy(purchase)));
    return alerts;
  }

  /** The values of the alerts that the next purchase sets off. */
  List<String> buy(Event purchase) {
    List<String> alerts = new ArrayList<>();
    Consumer<OutputRecord> out =
        record -> alerts.add(new String(record.value(), StandardCharsets.UTF_8));
    long timer = logic.timer(state);
    if (timer <= purchase.timestamp()) {
      logic.onTimer(purchase.userId(), timer, state, out);
      state = logic.timer(state) == KeyedLogic.NEVER ? logic.create() : state;
    }
    logic.onEvent(purchase, state, out);
    return alerts;
  }

  FraudState state() {
    return state;
  }

  /** Rule names and evidence of alerts: {@code velocity {"purchases":5,"window_ms":60000}}. */
  static List<String> brief(List<String> alerts) {
    return alerts.stream()
        .map(alert -> alert.replaceAll(".*\"rule\":\"(\\w+)\".*\"evidence\":(.*)}", "$1 $2"))
        .toList();
  }
}
