package io.flinkblocks.measures;

import io.flinkblocks.output.Amount;

/**
 * What was measured of a window, put together out of however many panes.
 *
 * @param users how many different ones
 * @param minMicros lowest unit price in millionths of the currency
 * @param maxMicros highest one
 */
record Totals(
    long events,
    long purchases,
    long users,
    Amount revenue,
    Amount prices,
    long minMicros,
    long maxMicros) {
  static Totals of(Measures measures) {
    return new Totals(
        measures.events,
        measures.purchases,
        measures.users.size(),
        measures.revenue,
        measures.prices,
        measures.minMicros,
        measures.maxMicros);
  }
}
