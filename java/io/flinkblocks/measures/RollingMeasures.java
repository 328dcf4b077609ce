package io.flinkblocks.measures;

import io.flinkblocks.output.Amount;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Firing;
import io.flinkblocks.window.Rolling;
import java.util.ArrayDeque;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The measures of panes in a row: what can be subtracted is subtracted when a pane leaves, users
 * are counted by the panes that have them, and the extremes have a queue each.
 */
final class RollingMeasures implements Rolling<Measures> {
  /** What a pane takes beside its users, roughly: itself, its amounts, its places in queues. */
  private static final long PANE_BYTES = 250;

  /** What a pane added, to be taken away again. */
  private record Pane(
      long start, long events, long purchases, Amount revenue, Amount prices, int[] users) {}

  private final BiFunction<Firing, Totals, OutputRecord> record;
  private final ArrayDeque<Pane> panes = new ArrayDeque<>();
  private final CountedUsers users = new CountedUsers();
  private final Amount revenue = new Amount();
  private final Amount prices = new Amount();
  private final Lowest lowest = new Lowest();

  /** Of the negative prices: its lowest is the highest price. */
  private final Lowest highest = new Lowest();

  private long events;
  private long purchases;

  /**
   * @param record makes the record of a window
   */
  RollingMeasures(BiFunction<Firing, Totals, OutputRecord> record) {
    this.record = record;
  }

  @Override
  public void add(long start, Measures part) {
    events += part.events;
    purchases += part.purchases;
    revenue.add(part.revenue);
    prices.add(part.prices);
    lowest.add(start, part.minMicros);
    highest.add(start, -part.maxMicros);
    panes.addLast(
        new Pane(
            start,
            part.events,
            part.purchases,
            copy(part.revenue),
            copy(part.prices),
            users.add(part.users)));
  }

  @Override
  public void removeBefore(long time) {
    while (!panes.isEmpty() && panes.peekFirst().start() < time) {
      Pane pane = panes.removeFirst();
      events -= pane.events();
      purchases -= pane.purchases();
      revenue.subtract(pane.revenue());
      prices.subtract(pane.prices());
      users.remove(pane.users());
    }
    lowest.removeBefore(time);
    highest.removeBefore(time);
    if (users.areMostlyGone()) {
      users.tidy(panes.stream().map(Pane::users));
    }
  }

  @Override
  public boolean isEmpty() {
    return panes.isEmpty();
  }

  @Override
  public void emit(Firing firing, Consumer<OutputRecord> out) {
    out.accept(
        record.apply(
            firing,
            new Totals(
                events,
                purchases,
                users.size(),
                revenue,
                prices,
                lowest.value(),
                -highest.value())));
  }

  @Override
  public Amount amount() {
    return revenue;
  }

  @Override
  public long footprint() {
    return PANE_BYTES * panes.size() + users.footprint();
  }

  private static Amount copy(Amount amount) {
    return Amount.ofWords(amount.high(), amount.low());
  }

  /** The lowest value of panes in a row: of those that no later one undercuts, the first. */
  private static final class Lowest {
    private record Value(long pane, long value) {}

    /** Ascending in time and in value. */
    private final ArrayDeque<Value> candidates = new ArrayDeque<>();

    void add(long pane, long value) {
      while (!candidates.isEmpty() && candidates.peekLast().value() >= value) {
        candidates.removeLast();
      }
      candidates.addLast(new Value(pane, value));
    }

    void removeBefore(long time) {
      while (!candidates.isEmpty() && candidates.peekFirst().pane() < time) {
        candidates.removeFirst();
      }
    }

    long value() {
      return candidates.peekFirst().value();
    }
  }
}
