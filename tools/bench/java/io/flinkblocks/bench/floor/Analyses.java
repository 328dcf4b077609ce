package io.flinkblocks.bench.floor;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import io.flinkblocks.fraud.Fraud;
import io.flinkblocks.highvalue.HighValue;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.popularity.Popularity;
import io.flinkblocks.revenue.Revenue;
import io.flinkblocks.session.Sessions;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/** The floor's analyses by name. */
final class Analyses {
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  static Analysis of(String name, Settings settings, Consumer<OutputRecord> out) {
    return switch (name) {
      case "revenue" ->
          new PaneAnalysis<>(
              Revenue.aggregator(), Analyses::isPurchase, Event::category, MINUTE, MINUTE, out);
      case "popularity" ->
          new PaneAnalysis<>(
              Popularity.aggregator(settings),
              event -> true,
              Event::category,
              settings.millis("popularity-window"),
              settings.millis("popularity-slide"),
              out);
      case "sessions" ->
          new SessionAnalysis<>(Sessions.aggregator(), settings.millis("session-timeout"), out);
      case "fraud" ->
          new OrderedAnalysis<>(Fraud.logic(settings), Analyses::isPurchase, Event::userId, out);
      case "high-value" -> highValue(HighValue.logic(settings), out);
      default -> throw new IllegalArgumentException("the floor does not know " + name);
    };
  }

  private static boolean isPurchase(Event event) {
    return event.action() == Action.PURCHASE;
  }

  private static Analysis highValue(
      Function<Event, OutputRecord> logic, Consumer<OutputRecord> out) {
    return new Analysis() {
      @Override
      public void add(Event event) {
        OutputRecord record = logic.apply(event);
        if (record != null) {
          out.accept(record);
        }
      }

      @Override
      public void advance(long watermark) {
        // Every record is complete at once.
      }
    };
  }

  private Analyses() {}
}
