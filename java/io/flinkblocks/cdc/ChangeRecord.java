package io.flinkblocks.cdc;

import io.flinkblocks.event.CompactType;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** What a source hands out for one record of its input. */
public sealed interface ChangeRecord permits Change, Skipped, Refused {
  /** How Flink moves and keeps each of them. */
  TypeInformation<ChangeRecord> TYPE =
      new CompactType<>(ChangeRecord.class, ChangeRecordSerializer.INSTANCE);
}
