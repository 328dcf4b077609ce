package io.flinkblocks.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.Amount;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Firing;
import io.flinkblocks.window.TestingEvents;
import io.flinkblocks.window.Window;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowAggregatorTest {
  private static final Window WINDOW = new Window(120_000, 240_000);
  private static final String MEASURED =
      "{\"window_key\":\"books\",\"window_start\":120000,\"window_end\":240000,"
          + "\"event_count\":3,\"purchase_count\":1,\"unique_users\":2,\"revenue\":7.50,"
          + "\"avg_price\":3.34,\"min_price\":0.00,\"max_price\":7.514";

  private final WindowAggregator tumbling = new WindowAggregator("tumbling", false);
  private final WindowAggregator sliding = new WindowAggregator("sliding", true);

  @Test
  void pricesAreOfAllEventsAndRevenueOfPurchases() {
    Firing firing = new Firing("books", WINDOW, 2, false, null);
    assertEquals(MEASURED + ",\"revision\":2}", value(tumbling, firing));
  }

  @Test
  void anEarlyResultHasNoRevision() {
    Firing firing = new Firing("books", WINDOW, 0, true, null);
    assertEquals(MEASURED + ",\"early\":true}", value(tumbling, firing));
  }

  @Test
  void slidingWindowsTellHowTheRevenueHasChanged() {
    assertEquals(MEASURED + ",\"revenue_change\":-2.50,\"revision\":0}", compared("10.00"));
    assertEquals(MEASURED + ",\"revenue_change\":0.00,\"revision\":0}", compared("7.50"));
    assertEquals(MEASURED + ",\"revenue_change\":7.50,\"revision\":0}", compared("0"));
    Firing first = Firing.once("books", WINDOW);
    assertEquals(MEASURED + ",\"revenue_change\":null,\"revision\":0}", value(sliding, first));
  }

  private String compared(String before) {
    long micros = new BigDecimal(before).movePointRight(6).longValueExact();
    return value(sliding, new Firing("books", WINDOW, 0, false, Amount.ofMicros(micros)));
  }

  private static String value(WindowAggregator aggregator, Firing firing) {
    Measures measures = new Measures();
    measures.add(event("a", "view", "0", 1));
    measures.add(event("b", "purchase", "2.5", 3));
    measures.add(event("a", "remove_from_cart", "7.514", 2));
    List<OutputRecord> records = new ArrayList<>();
    aggregator.emit(firing, measures, records::add);
    assertEquals("books", new String(records.get(0).key(), StandardCharsets.UTF_8));
    return new String(records.get(0).value(), StandardCharsets.UTF_8);
  }

  private static Event event(String user, String action, String price, int quantity) {
    return TestingEvents.event("books", "e", user, action, new BigDecimal(price), quantity, 1);
  }
}
