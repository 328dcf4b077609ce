package io.flinkblocks.cdc;

import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class ChangeSerializerTest extends SerializerTestBase<Change> {
  @Override
  protected TypeSerializer<Change> createSerializer() {
    return ChangeSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<Change> getTypeClass() {
    return Change.class;
  }

  @Override
  protected Change[] getTestData() {
    return TestingSamples.changes();
  }
}
