package io.flinkblocks.generator;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventParser;
import io.flinkblocks.event.SourceRecord;
import java.util.ArrayList;
import java.util.List;

/** Generated records for tests, parsed. */
final class TestingTraffic {
  private static final EventParser PARSER = new EventParser();

  private TestingTraffic() {}

  /** The record that the traffic stands at. */
  static synchronized SourceRecord parsed(ShopTraffic traffic) {
    return PARSER.parse(traffic.value(), Long.MAX_VALUE);
  }

  /** The valid event that the traffic stands at. */
  static Event event(ShopTraffic traffic) {
    return (Event) parsed(traffic);
  }

  /** The first valid events of ordinary traffic. */
  static List<Event> ordinary(long seed, int count) {
    ShopTraffic traffic = ShopTraffic.whole(TrafficOptions.ordinary(seed));
    List<Event> events = new ArrayList<>(count);
    while (events.size() < count) {
      traffic.advance();
      events.add(event(traffic));
    }
    return events;
  }
}
