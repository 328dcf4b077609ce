package io.flinkblocks.session;

import io.flinkblocks.event.Compact;
import io.flinkblocks.output.Amount;
import io.flinkblocks.window.ByteStringSet;
import io.flinkblocks.window.MutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Format 1 of a user's session: revenue (two words), products, how many more, what every session
 * has, views, additions to and removals from the cart, purchases, wishes, other actions, whether
 * there are more.
 */
final class UserSessionSerializerV1 extends MutableSerializer<UserSession> {
  static final UserSessionSerializerV1 INSTANCE = new UserSessionSerializerV1();

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
    out.writeLong(session.revenue.high());
    out.writeLong(session.revenue.low());
    session.products.write(out);
    Compact.writeNumber(session.moreProducts, out);
    session.writeTo(out);
    Compact.writeNumber(session.views, out);
    Compact.writeNumber(session.additions, out);
    Compact.writeNumber(session.removals, out);
    Compact.writeNumber(session.purchases, out);
    Compact.writeNumber(session.wishes, out);
    if (session.others == null) {
      Compact.writeNumber(0, out);
    } else {
      session.others.write(out);
    }
    out.writeBoolean(session.hasMoreActions);
  }

  @Override
  public UserSession deserialize(DataInputView in) throws IOException {
    Amount revenue = Amount.ofWords(in.readLong(), in.readLong());
    UserSession session = new UserSession(revenue, ByteStringSet.read(in));
    session.moreProducts = Compact.readNumber(in);
    session.readFrom(in);
    session.views = Compact.readNumber(in);
    session.additions = Compact.readNumber(in);
    session.removals = Compact.readNumber(in);
    session.purchases = Compact.readNumber(in);
    session.wishes = Compact.readNumber(in);
    OtherActions others = OtherActions.read(in);
    session.others = others.isEmpty() ? null : others;
    session.hasMoreActions = in.readBoolean();
    return session;
  }

  @Override
  public TypeSerializerSnapshot<UserSession> snapshotConfiguration() {
    return new UserSessionSerializer.Snapshot(1);
  }
}
