package io.flinkblocks.analytics;

import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class DeltaSerializerTest extends SerializerTestBase<Delta> {
  @Override
  protected TypeSerializer<Delta> createSerializer() {
    return DeltaSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<Delta> getTypeClass() {
    return Delta.class;
  }

  @Override
  protected Delta[] getTestData() {
    return new Delta[] {
      Delta.noRow(1),
      Delta.noRow(Long.MIN_VALUE),
      Delta.row(7, "gold", 0),
      Delta.row(-7, null, Long.MAX_VALUE),
      Delta.row(8, "x'; DROP TABLE users;--\u00fc", -1),
      Delta.orders(9, 1, 12_500_000, 1_700_000_000_000_000L, Delta.NEVER),
      Delta.orders(Long.MAX_VALUE, -3, -1, Delta.NEVER, 0),
      Delta.orders(9, 0, 0, -5, 5)
    };
  }
}
