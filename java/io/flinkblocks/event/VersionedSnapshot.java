package io.flinkblocks.event;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The snapshot of a serializer whose format has a version number: older formats stay readable, and
 * state in them is migrated to the newest.
 *
 * <p>To change a format, keep the serializer of the old one under another name, have {@link
 * #serializer} return it for the old version, and raise the newest version.
 *
 * @param <T> what is serialized
 */
public abstract class VersionedSnapshot<T> implements TypeSerializerSnapshot<T> {
  private final int newest;
  private int version;

  /**
   * @param newest the newest version that the program knows
   * @param version the version of the serializer that this is the snapshot of
   */
  protected VersionedSnapshot(int newest, int version) {
    this.newest = newest;
    this.version = version;
  }

  /** The serializer that reads and writes this version, 1 to the newest. */
  protected abstract TypeSerializer<T> serializer(int version);

  @Override
  public final int getCurrentVersion() {
    return version;
  }

  @Override
  public final void writeSnapshot(DataOutputView out) {
    // The version says it all, and Flink writes that.
  }

  @Override
  public final void readSnapshot(int readVersion, DataInputView in, ClassLoader classLoader)
      throws IOException {
    if (readVersion < 1 || readVersion > newest) {
      throw new IOException(
          getClass().getName()
              + ": the state has format "
              + readVersion
              + ", this program knows 1 to "
              + newest);
    }
    version = readVersion;
  }

  @Override
  public final TypeSerializer<T> restoreSerializer() {
    return serializer(version);
  }

  @Override
  public final TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
      TypeSerializerSnapshot<T> old) {
    if (old.getClass() != getClass() || old.getCurrentVersion() > version) {
      return TypeSerializerSchemaCompatibility.incompatible();
    }
    return old.getCurrentVersion() == version
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.compatibleAfterMigration();
  }
}
