package io.flinkblocks.revenue;

import io.flinkblocks.output.Amount;
import io.flinkblocks.window.ByteStringSet;

/** The purchases of one category and window, as far as they are needed. */
final class RevenueAccumulator {
  final Amount total;
  final ByteStringSet users;
  long orders;

  /** The largest order in millionths of the currency. */
  long maxMicros;

  RevenueAccumulator() {
    this(new Amount(), new ByteStringSet(), 0, 0);
  }

  RevenueAccumulator(Amount total, ByteStringSet users, long orders, long maxMicros) {
    this.total = total;
    this.users = users;
    this.orders = orders;
    this.maxMicros = maxMicros;
  }
}
