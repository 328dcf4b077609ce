package io.flinkblocks.bench.floor;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import io.flinkblocks.fraud.Fraud;
import io.flinkblocks.global.GlobalWindows;
import io.flinkblocks.highvalue.HighValue;
import io.flinkblocks.measures.MultiLevel;
import io.flinkblocks.measures.Sliding;
import io.flinkblocks.measures.Tumbling;
import io.flinkblocks.ordered.KeyedLogic;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.pattern.Patterns;
import io.flinkblocks.popularity.Popularity;
import io.flinkblocks.revenue.Revenue;
import io.flinkblocks.session.SessionWindows;
import io.flinkblocks.session.Sessions;
import io.flinkblocks.window.Aggregator;
import io.flinkblocks.window.SessionAggregator;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** The floor's analyses by name. */
final class Analyses {
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final List<Long> LEVELS = List.of(MINUTE, 5 * MINUTE, 60 * MINUTE);

  private final Settings settings;
  private final Consumer<OutputRecord> out;

  private Analyses(Settings settings, Consumer<OutputRecord> out) {
    this.settings = settings;
    this.out = out;
  }

  static List<Analysis> of(String name, Settings settings, Consumer<OutputRecord> out) {
    Analyses make = new Analyses(settings, out);
    return switch (name) {
      case "revenue" -> List.of(make.revenue());
      case "popularity" -> List.of(make.popularity());
      case "sessions" -> List.of(make.sessions(Sessions.aggregator()));
      case "fraud" -> List.of(make.fraud());
      case "high-value" -> List.of(make.highValue());
      case "tumbling" -> List.of(make.tumbling());
      case "sliding" -> List.of(make.sliding(Sliding.aggregator()));
      case "session" -> List.of(make.sessions(SessionWindows.aggregator()));
      case "global" -> List.of(make.ordered(GlobalWindows.logic(settings), Event::productId));
      case "multi_level" -> List.of(make.levels(MultiLevel.aggregator()));
      case "pattern" ->
          List.of(
              make.ordered(Patterns.users(), Event::userId),
              make.ordered(Patterns.categories(), Event::category));
      default -> throw new IllegalArgumentException("the floor does not know " + name);
    };
  }

  private Analysis revenue() {
    return new PaneAnalysis<>(
        Revenue.aggregator(), Analyses::isPurchase, Event::category, MINUTE, MINUTE, out);
  }

  private Analysis popularity() {
    return new PaneAnalysis<>(
        Popularity.aggregator(settings),
        event -> true,
        Event::category,
        settings.millis("popularity-window"),
        settings.millis("popularity-slide"),
        out);
  }

  private Analysis sessions(SessionAggregator<?> aggregator) {
    return new SessionAnalysis<>(aggregator, settings.millis("session-timeout"), out);
  }

  private Analysis fraud() {
    return new OrderedAnalysis<>(Fraud.logic(settings), Analyses::isPurchase, Event::userId, out);
  }

  private Analysis tumbling() {
    long size = settings.millis("tumbling-minutes");
    return new PaneAnalysis<>(
        Tumbling.aggregator(), event -> true, Event::category, size, size, out);
  }

  private Analysis sliding(Aggregator<?> aggregator) {
    return new RollingAnalysis<>(
        aggregator,
        Event::category,
        settings.millis("sliding-minutes"),
        settings.millis("slide-minutes"),
        out);
  }

  private Analysis levels(Aggregator<?> aggregator) {
    return new LevelAnalysis<>(aggregator, Event::category, LEVELS, out);
  }

  private Analysis ordered(KeyedLogic<?> logic, Function<Event, String> key) {
    return new OrderedAnalysis<>(logic, event -> true, key, out);
  }

  private static boolean isPurchase(Event event) {
    return event.action() == Action.PURCHASE;
  }

  private Analysis highValue() {
    Function<Event, OutputRecord> logic = HighValue.logic(settings);
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
}
