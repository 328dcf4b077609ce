package io.flinkblocks.analytics;

import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class UpsertSerializerTest extends SerializerTestBase<Upsert> {
  @Override
  protected TypeSerializer<Upsert> createSerializer() {
    return UpsertSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<Upsert> getTypeClass() {
    return Upsert.class;
  }

  @Override
  protected Upsert[] getTestData() {
    return new Upsert[] {
      Upsert.delete(1),
      Upsert.delete(Long.MIN_VALUE),
      new Upsert(7, false, "gold", 0, 2, -1, Long.MIN_VALUE, 1_700_000_000_000_000L),
      new Upsert(8, false, null, Long.MAX_VALUE, -1, 5, 6, Long.MIN_VALUE),
      new Upsert(0, false, "", -3, 0, 0, 0, 0)
    };
  }
}
