package io.flinkblocks.event;

import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class EventSerializerTest extends SerializerTestBase<Event> {
  @Override
  protected TypeSerializer<Event> createSerializer() {
    return EventSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<Event> getTypeClass() {
    return Event.class;
  }

  @Override
  protected Event[] getTestData() {
    return TestingSamples.events();
  }
}
