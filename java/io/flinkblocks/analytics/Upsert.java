package io.flinkblocks.analytics;

import io.flinkblocks.event.CompactType;
import io.flinkblocks.output.Amount;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * A row of an analytics table as it is now, or that there is none any more. Immutable.
 *
 * @param id the user or product
 * @param deleted whether the row is to go; then the rest means nothing
 * @param label tier of the user, category of the product; may be null
 * @param stock of the product; 0 of a user
 * @param count orders of the user, units of the product
 * @param totalHigh their amount: upper 64 bits of an {@link Amount}
 * @param totalLow the lower 64 bits
 * @param latest when the user's latest order was made, in microseconds since the epoch;
 *     Long.MIN_VALUE without orders, and of a product
 */
public record Upsert(
    long id,
    boolean deleted,
    String label,
    long stock,
    long count,
    long totalHigh,
    long totalLow,
    long latest) {
  /** How Flink moves them. */
  public static final TypeInformation<Upsert> TYPE =
      new CompactType<>(Upsert.class, UpsertSerializer.INSTANCE);

  /** The row is to go. */
  static Upsert delete(long id) {
    return new Upsert(id, true, null, 0, 0, 0, 0, Delta.NEVER);
  }

  /** The orders' amount. */
  public Amount total() {
    return Amount.ofWords(totalHigh, totalLow);
  }

  /** The mean amount, rounded half away from zero to 2 decimals; null when there is nothing. */
  public Amount average() {
    return count > 0 ? total().averageHalfUp2(count) : null;
  }

  /** The time of the latest order in microseconds since the epoch; null without one. */
  public Long latestOrNull() {
    return latest == Delta.NEVER ? null : latest;
  }
}
