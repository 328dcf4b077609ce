package io.flinkblocks.analytics;

import io.flinkblocks.event.CompactType;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * What one change means for one customer or product, the owner. Immutable.
 *
 * @param owner the owner's id
 * @param kind what the rest tells
 * @param label tier or category, which may be null; of {@link Kind#ROW} only
 * @param stock of a product; of {@link Kind#ROW} only
 * @param count by how many orders, or units, the owner has more; of {@link Kind#ORDERS} only
 * @param micros by how much their amount is more, in millionths; of {@link Kind#ORDERS} only
 * @param entered when the order was made that comes to the owner, in microseconds since the epoch;
 *     {@link #NEVER} when none does
 * @param left the same of an order that leaves the owner
 */
record Delta(
    long owner,
    Kind kind,
    String label,
    long stock,
    long count,
    long micros,
    long entered,
    long left) {
  /** How Flink moves them. */
  static final TypeInformation<Delta> TYPE =
      new CompactType<>(Delta.class, DeltaSerializer.INSTANCE);

  /** No time. */
  static final long NEVER = Long.MIN_VALUE;

  /** What a delta tells of. */
  enum Kind {
    /** The owner's own row: it is there, with these values. */
    ROW,
    /** The owner's own row is there no more. */
    NO_ROW,
    /** Orders that came, went or changed. */
    ORDERS
  }

  /** The owner's row is there, new or changed. */
  static Delta row(long owner, String label, long stock) {
    return new Delta(owner, Kind.ROW, label, stock, 0, 0, NEVER, NEVER);
  }

  /** The owner's row is gone. */
  static Delta noRow(long owner) {
    return new Delta(owner, Kind.NO_ROW, null, 0, 0, 0, NEVER, NEVER);
  }

  /** The owner's orders are others. */
  static Delta orders(long owner, long count, long micros, long entered, long left) {
    return new Delta(owner, Kind.ORDERS, null, 0, count, micros, entered, left);
  }
}
