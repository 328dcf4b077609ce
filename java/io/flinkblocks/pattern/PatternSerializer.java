package io.flinkblocks.pattern;

import io.flinkblocks.event.VersionedSnapshot;
import io.flinkblocks.window.MutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Format 1 of a user's window: see {@link PatternState#write}. */
public final class PatternSerializer extends MutableSerializer<PatternState> {
  static final PatternSerializer INSTANCE = new PatternSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public PatternState createInstance() {
    return new PatternState();
  }

  @Override
  public PatternState copy(PatternState from) {
    return from.copy();
  }

  @Override
  public void serialize(PatternState user, DataOutputView out) throws IOException {
    user.write(out);
  }

  @Override
  public PatternState deserialize(DataInputView in) throws IOException {
    return PatternState.read(in);
  }

  @Override
  public TypeSerializerSnapshot<PatternState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<PatternState> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<PatternState> serializer(int version) {
      return INSTANCE;
    }
  }
}
