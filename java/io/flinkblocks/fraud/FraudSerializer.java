package io.flinkblocks.fraud;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.VersionedSnapshot;
import io.flinkblocks.output.Amount;
import io.flinkblocks.window.MutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Format 1 of a user's state: the number of purchases and their total (two words); the last one's
 * timestamp (eight bytes), amount, event_id; recent times; recent addresses; for each rule 0, or 1
 * + how far its last alert is before the last purchase.
 */
public final class FraudSerializer extends MutableSerializer<FraudState> {
  static final FraudSerializer INSTANCE = new FraudSerializer();

  private static final long serialVersionUID = 1;
  private static final Rule[] RULES = Rule.values();

  @Override
  public FraudState createInstance() {
    return new FraudState();
  }

  @Override
  public FraudState copy(FraudState from) {
    return from.copy();
  }

  @Override
  public void serialize(FraudState user, DataOutputView out) throws IOException {
    Compact.writeNumber(user.purchases, out);
    out.writeLong(user.total.high());
    out.writeLong(user.total.low());
    long last = user.lastTimestamp;
    out.writeLong(last);
    Compact.writeNumber(user.lastMicros, out);
    Compact.writeBytes(user.lastEventId, out);
    user.times.write(last, out);
    user.addresses.write(last, out);
    for (Rule rule : RULES) {
      Compact.writeNumber(user.hasAlerted(rule) ? 1 + last - user.lastAlert(rule) : 0, out);
    }
  }

  @Override
  public FraudState deserialize(DataInputView in) throws IOException {
    long purchases = Compact.readNumber(in);
    Amount total = Amount.ofWords(in.readLong(), in.readLong());
    long last = in.readLong();
    long lastMicros = Compact.readNumber(in);
    byte[] lastEventId = Compact.readBytes(in);
    RecentTimes times = RecentTimes.read(last, in);
    FraudState user = new FraudState(times, RecentAddresses.read(last, in), total);
    user.purchases = purchases;
    user.lastTimestamp = last;
    user.lastMicros = lastMicros;
    user.lastEventId = lastEventId;
    for (Rule rule : RULES) {
      long ago = Compact.readNumber(in);
      if (ago > 0) {
        user.alerted(rule, last - (ago - 1));
      }
    }
    return user;
  }

  @Override
  public TypeSerializerSnapshot<FraudState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<FraudState> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<FraudState> serializer(int version) {
      return INSTANCE;
    }
  }
}
