package io.flinkblocks.bench.stock.windowing;

import io.flinkblocks.bench.stock.LateEvents;
import io.flinkblocks.bench.stock.OutputLine;
import io.flinkblocks.bench.stock.ShopEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** What users did with a product, with a tumbling window whose events are sorted when it fires. */
public final class Patterns {
  static final String OUTPUT = "windowing-pattern";

  private static final int VIEWS = 5;

  // The raw bytes, which the contract compares last, never decide here.
  private static final Comparator<ShopEvent> BY_TIME =
      Comparator.<ShopEvent>comparingLong(event -> event.timestamp)
          .thenComparing(event -> event.eventId);

  /** Adds the analysis to a job. */
  public static DataStream<OutputLine> of(DataStream<ShopEvent> events) {
    return LateEvents.with(
        events
            .keyBy(event -> event.userId)
            .window(TumblingEventTimeWindows.of(Duration.ofMinutes(10)))
            .sideOutputLateData(LateEvents.TAG)
            .process(new Find()),
        OUTPUT);
  }

  private static final class Find
      extends ProcessWindowFunction<ShopEvent, OutputLine, String, TimeWindow> {
    private static final long serialVersionUID = 1;

    @Override
    public void process(
        String user, Context context, Iterable<ShopEvent> events, Collector<OutputLine> out)
        throws Exception {
      Map<String, List<ShopEvent>> byProduct = new TreeMap<>();
      for (ShopEvent event : events) {
        byProduct.computeIfAbsent(event.productId, id -> new ArrayList<>()).add(event);
      }
      for (Map.Entry<String, List<ShopEvent>> entry : byProduct.entrySet()) {
        entry.getValue().sort(BY_TIME);
        for (Found found : find(entry.getValue())) {
          Pattern pattern =
              new Pattern(
                  found.pattern,
                  user,
                  entry.getKey(),
                  context.window().getStart(),
                  context.window().getEnd(),
                  found.eventIds);
          out.collect(OutputLine.of(OUTPUT, pattern));
        }
      }
    }
  }

  private record Found(String pattern, List<String> eventIds) {}

  /** The patterns of one product's events. */
  private static List<Found> find(List<ShopEvent> events) {
    List<Found> found = new ArrayList<>();
    ShopEvent view = null;
    ShopEvent addAfterView = null;
    ShopEvent purchase = null;
    ShopEvent openAdd = null;
    boolean anyAdd = false;
    List<String> views = new ArrayList<>();
    for (ShopEvent event : events) {
      switch (event.action) {
        case "view" -> {
          view = view == null ? event : view;
          views.add(event.eventId);
        }
        case "add_to_cart" -> {
          addAfterView = addAfterView == null && view != null ? event : addAfterView;
          openAdd = event;
          anyAdd = true;
        }
        case "purchase" -> {
          purchase = purchase == null && addAfterView != null ? event : purchase;
          openAdd = null;
        }
        case "remove_from_cart" -> openAdd = null;
        default -> {
          // Of no pattern.
        }
      }
    }
    if (purchase != null) {
      found.add(
          new Found("conversion", List.of(view.eventId, addAfterView.eventId, purchase.eventId)));
    }
    if (openAdd != null) {
      found.add(new Found("abandoned_cart", List.of(openAdd.eventId)));
    }
    if (views.size() >= VIEWS && !anyAdd) {
      found.add(new Found("indecision", views.subList(0, VIEWS)));
    }
    return found;
  }

  private record Pattern(
      String pattern,
      String userId,
      String productId,
      long windowStart,
      long windowEnd,
      List<String> eventIds) {}

  private Patterns() {}
}
