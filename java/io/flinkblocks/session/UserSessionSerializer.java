package io.flinkblocks.session;

import io.flinkblocks.event.VersionedSnapshot;
import io.flinkblocks.window.MutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Format 2 of a user's session: {@link UserSessionSerializerV1 format 1}, revision. */
public final class UserSessionSerializer extends MutableSerializer<UserSession> {
  static final UserSessionSerializer INSTANCE = new UserSessionSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public UserSession createInstance() {
    return new UserSession();
  }

  @Override
  public UserSession copy(UserSession from) {
    return from.copy();
  }

  @Override
  public void serialize(UserSession session, DataOutputView out) throws IOException {
    UserSessionSerializerV1.INSTANCE.serialize(session, out);
    session.writeRevision(out);
  }

  @Override
  public UserSession deserialize(DataInputView in) throws IOException {
    UserSession session = UserSessionSerializerV1.INSTANCE.deserialize(in);
    session.readRevision(in);
    return session;
  }

  @Override
  public TypeSerializerSnapshot<UserSession> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<UserSession> {
    private static final int NEWEST = 2;

    public Snapshot() {
      this(NEWEST);
    }

    Snapshot(int version) {
      super(NEWEST, version);
    }

    @Override
    protected TypeSerializer<UserSession> serializer(int version) {
      return version == 1 ? UserSessionSerializerV1.INSTANCE : INSTANCE;
    }
  }
}
