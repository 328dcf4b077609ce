package io.flinkblocks.event;

import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class SourceRecordSerializerTest extends SerializerTestBase<SourceRecord> {
  @Override
  protected TypeSerializer<SourceRecord> createSerializer() {
    return SourceRecordSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<SourceRecord> getTypeClass() {
    return SourceRecord.class;
  }

  @Override
  protected SourceRecord[] getTestData() {
    return TestingSamples.sourceRecords();
  }
}
