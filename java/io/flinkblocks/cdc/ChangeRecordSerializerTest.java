package io.flinkblocks.cdc;

import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class ChangeRecordSerializerTest extends SerializerTestBase<ChangeRecord> {
  @Override
  protected TypeSerializer<ChangeRecord> createSerializer() {
    return ChangeRecordSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<ChangeRecord> getTypeClass() {
    return ChangeRecord.class;
  }

  @Override
  protected ChangeRecord[] getTestData() {
    return TestingSamples.records();
  }
}
