package io.flinkblocks.cdc;

import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class RowSerializerTest extends SerializerTestBase<Row> {
  @Override
  protected TypeSerializer<Row> createSerializer() {
    return RowSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<Row> getTypeClass() {
    return Row.class;
  }

  @Override
  protected Row[] getTestData() {
    return TestingSamples.rows();
  }
}
