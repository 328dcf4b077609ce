package io.flinkblocks.event;

import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * What a source emits for one record of its input: a valid {@link Event} or a {@link DeadLetter}.
 */
public sealed interface SourceRecord permits Event, DeadLetter {
  /** How Flink moves and keeps either. */
  TypeInformation<SourceRecord> TYPE =
      new CompactType<>(SourceRecord.class, SourceRecordSerializer.INSTANCE);
}
