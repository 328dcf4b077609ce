package io.flinkblocks.analytics;

import io.flinkblocks.event.CompactType;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * Rows that are written together. Immutable.
 *
 * @param upserts at least one, none with the id of another
 */
record Batch(List<Upsert> upserts) {
  /** How Flink moves them. */
  static final TypeInformation<Batch> TYPE =
      new CompactType<>(Batch.class, BatchSerializer.INSTANCE);
}
