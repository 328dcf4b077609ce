package io.flinkblocks.bench.stock;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.flinkblocks.config.Settings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** The sessions of each user, with session windows. */
final class Sessions {
  /** Of streaming_analytics. */
  static DataStream<OutputLine> of(DataStream<ShopEvent> events) {
    return of(events, Duration.ofMinutes(30), new Emit("user-sessions", null));
  }

  /** Of windowing_aggregations, whose records tell their revision. */
  static DataStream<OutputLine> of(DataStream<ShopEvent> events, Settings settings) {
    Duration gap = Duration.ofMillis(settings.millis("session-timeout"));
    return of(events, gap, new Emit("windowing-session", 0));
  }

  private static DataStream<OutputLine> of(DataStream<ShopEvent> events, Duration gap, Emit emit) {
    return LateEvents.with(
        events
            .keyBy(event -> event.userId)
            .window(EventTimeSessionWindows.withGap(gap))
            .sideOutputLateData(LateEvents.TAG)
            .aggregate(new Aggregate(), emit),
        emit.output);
  }

  /** The accumulator, a POJO. */
  public static final class Session {
    public long first = Long.MAX_VALUE;
    public long last = Long.MIN_VALUE;
    public long events;
    public Map<String, Long> actions = new TreeMap<>();
    public Set<String> products = new HashSet<>();
    public long purchases;
    public BigDecimal revenue = BigDecimal.ZERO;

    public Session() {}
  }

  private static final class Aggregate implements AggregateFunction<ShopEvent, Session, Session> {
    private static final long serialVersionUID = 1;

    @Override
    public Session createAccumulator() {
      return new Session();
    }

    @Override
    public Session add(ShopEvent event, Session session) {
      session.first = Math.min(session.first, event.timestamp);
      session.last = Math.max(session.last, event.timestamp);
      session.events++;
      session.actions.merge(event.action, 1L, Long::sum);
      session.products.add(event.productId);
      if (event.isPurchase()) {
        session.purchases++;
        session.revenue = session.revenue.add(event.amount());
      }
      return session;
    }

    @Override
    public Session getResult(Session session) {
      return session;
    }

    @Override
    public Session merge(Session left, Session right) {
      left.first = Math.min(left.first, right.first);
      left.last = Math.max(left.last, right.last);
      left.events += right.events;
      right.actions.forEach((action, count) -> left.actions.merge(action, count, Long::sum));
      left.products.addAll(right.products);
      left.purchases += right.purchases;
      left.revenue = left.revenue.add(right.revenue);
      return left;
    }
  }

  private static final class Emit
      extends ProcessWindowFunction<Session, OutputLine, String, TimeWindow> {
    private static final long serialVersionUID = 1;

    private final String output;
    private final Integer revision;

    private Emit(String output, Integer revision) {
      this.output = output;
      this.revision = revision;
    }

    @Override
    public void process(
        String user, Context context, Iterable<Session> sessions, Collector<OutputLine> out)
        throws Exception {
      Session session = sessions.iterator().next();
      UserSession result =
          new UserSession(
              user,
              session.first,
              session.last,
              session.last - session.first,
              session.events,
              session.actions,
              session.products.size(),
              session.purchases,
              OutputLine.money(session.revenue),
              session.purchases > 0,
              revision);
      out.collect(OutputLine.of(output, result));
    }
  }

  private record UserSession(
      String userId,
      long sessionStart,
      long sessionEnd,
      long durationMs,
      long eventCount,
      Map<String, Long> actions,
      int uniqueProducts,
      long purchaseCount,
      BigDecimal revenue,
      boolean converted,
      @JsonInclude(JsonInclude.Include.NON_NULL) Integer revision) {}

  private Sessions() {}
}
