package io.flinkblocks.event;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Format 1 of an event: the length of its data, how much of that is decoded strings, the data; for
 * each string field its length + 1 and, unless that is 0 for absent, its start; price, quantity;
 * the timestamp in eight bytes.
 */
public final class EventSerializer extends ImmutableSerializer<Event> {
  static final EventSerializer INSTANCE = new EventSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public Event createInstance() {
    // Not a constant: with Event.TYPE, the two classes would wait for each other's initialisation.
    return new Event(new byte[0], 0, new int[Event.STRINGS], new int[Event.STRINGS], 0, 1, 1);
  }

  @Override
  public void serialize(Event event, DataOutputView target) throws IOException {
    byte[] data = event.data();
    Compact.writeNumber(data.length, target);
    Compact.writeNumber(data.length - event.rawLength(), target);
    target.write(data);
    for (int field = 0; field < Event.STRINGS; field++) {
      int length = event.length(field);
      Compact.writeNumber(length + 1, target);
      if (length >= 0) {
        Compact.writeNumber(event.start(field), target);
      }
    }
    Compact.writeNumber(event.priceMicros(), target);
    Compact.writeNumber(event.quantity(), target);
    target.writeLong(event.timestamp());
  }

  @Override
  public Event deserialize(DataInputView source) throws IOException {
    byte[] data = new byte[Compact.readInt(source)];
    int rawLength = data.length - Compact.readInt(source);
    source.readFully(data);
    int[] starts = new int[Event.STRINGS];
    int[] lengths = new int[Event.STRINGS];
    for (int field = 0; field < Event.STRINGS; field++) {
      lengths[field] = Compact.readInt(source) - 1;
      if (lengths[field] >= 0) {
        starts[field] = Compact.readInt(source);
      }
    }
    long price = Compact.readNumber(source);
    int quantity = Compact.readInt(source);
    return new Event(data, rawLength, starts, lengths, price, quantity, source.readLong());
  }

  @Override
  public TypeSerializerSnapshot<Event> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<Event> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<Event> serializer(int version) {
      return INSTANCE;
    }
  }
}
