package io.flinkblocks.window;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.Event;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A part on its way: the key; the number of events in the sum, then pane and sum; or 0, then the
 * event.
 *
 * <p>No state has parts: the network sees them, and a checkpoint that is unaligned.
 *
 * @param <A> the accumulator
 */
final class PanePartSerializer<A> extends TypeSerializer<PanePart<A>> {
  private static final long serialVersionUID = 1;

  private final TypeSerializer<Event> events =
      Event.TYPE.createSerializer(new SerializerConfigImpl());
  private final TypeSerializer<A> sums;

  PanePartSerializer(TypeSerializer<A> sums) {
    this.sums = sums;
  }

  @Override
  public void serialize(PanePart<A> part, DataOutputView target) throws IOException {
    Compact.writeText(part.key(), target);
    if (part.event() != null) {
      Compact.writeNumber(0, target);
      events.serialize(part.event(), target);
    } else {
      Compact.writeNumber(part.events(), target);
      target.writeLong(part.pane());
      sums.serialize(part.sum(), target);
    }
  }

  @Override
  public PanePart<A> deserialize(DataInputView source) throws IOException {
    String key = Compact.readText(source);
    long count = Compact.readNumber(source);
    return count == 0
        ? PanePart.of(key, events.deserialize(source))
        : new PanePart<>(key, null, source.readLong(), count, sums.deserialize(source));
  }

  @Override
  public PanePart<A> deserialize(PanePart<A> reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public PanePart<A> copy(PanePart<A> from) {
    return from.event() != null
        ? from
        : new PanePart<>(from.key(), null, from.pane(), from.events(), sums.copy(from.sum()));
  }

  @Override
  public PanePart<A> copy(PanePart<A> from, PanePart<A> reuse) {
    return copy(from);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public TypeSerializer<PanePart<A>> duplicate() {
    return new PanePartSerializer<>(sums.duplicate());
  }

  @Override
  public PanePart<A> createInstance() {
    return PanePart.of("", events.createInstance());
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PanePartSerializer<?> that && sums.equals(that.sums);
  }

  @Override
  public int hashCode() {
    return Objects.hash(PanePartSerializer.class, sums);
  }

  @Override
  public TypeSerializerSnapshot<PanePart<A>> snapshotConfiguration() {
    throw new UnsupportedOperationException("parts are not stored");
  }
}
