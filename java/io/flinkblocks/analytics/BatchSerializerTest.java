package io.flinkblocks.analytics;

import java.util.List;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class BatchSerializerTest extends SerializerTestBase<Batch> {
  @Override
  protected TypeSerializer<Batch> createSerializer() {
    return BatchSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<Batch> getTypeClass() {
    return Batch.class;
  }

  @Override
  protected Batch[] getTestData() {
    return new Batch[] {
      new Batch(List.of()),
      new Batch(List.of(Upsert.delete(1))),
      new Batch(List.of(new Upsert(7, false, "gold", 0, 2, 0, 9, 3), Upsert.delete(8)))
    };
  }
}
