package io.flinkblocks.lake;

import io.flinkblocks.cdc.Change;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.SimpleVersionedStringSerializer;

/** The folder of a change: by table and day. */
final class Partitions implements BucketAssigner<Change, String> {
  private static final long serialVersionUID = 1;

  // A file system takes 255 bytes in a name.
  private static final int LONGEST = 200;

  // Nearly all changes of a while are of a few tables and one day.
  private transient String table;
  private transient LocalDate date;
  private transient String folder;

  @Override
  public String getBucketId(Change change, Context context) {
    LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(change.time()), ZoneOffset.UTC);
    if (!day.equals(date) || !change.table().equals(table)) {
      table = change.table();
      date = day;
      folder = "table=" + escaped(table) + "/date=" + day;
    }
    return folder;
  }

  /**
   * As Hive writes values into paths: what a file system might take amiss is {@code %XX}; what is
   * too long is cut.
   */
  static String escaped(String name) {
    StringBuilder text = new StringBuilder();
    boolean leading = true;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      // Dots at the start could hide a folder, or mean one further up.
      leading &= b == '.';
      boolean plain = b == '_' || b == '-' || b == '.' || (b > 0 && Character.isLetterOrDigit(b));
      text.append(plain && !leading ? String.valueOf((char) b) : String.format("%%%02X", b));
    }
    if (text.length() <= LONGEST) {
      return text.toString();
    }
    return text.substring(0, LONGEST) + "-" + Integer.toHexString(name.hashCode());
  }

  @Override
  public SimpleVersionedSerializer<String> getSerializer() {
    return SimpleVersionedStringSerializer.INSTANCE;
  }
}
