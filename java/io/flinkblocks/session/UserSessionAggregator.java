package io.flinkblocks.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Overflow;
import io.flinkblocks.window.SessionAggregator;
import io.flinkblocks.window.SessionFiring;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * What a user did in one session.
 *
 * <p>Amounts are exact and products are counted exactly, so the result depends neither on the order
 * of the events nor on how sessions were joined.
 *
 * <p>A session has its first products, up to {@link #PRODUCT_BYTES}, and its first few actions
 * without a meaning with it. Any number may follow: those go to the {@link Overflow}, under their
 * name behind a letter. Each name is in one of the two places.
 */
final class UserSessionAggregator implements SessionAggregator<UserSession> {
  private static final long serialVersionUID = 1;

  /**
   * More than nearly every session needs, and little enough to be written anew with every event, as
   * RocksDB does.
   */
  static final int PRODUCT_BYTES = 2048;

  private static final String PRODUCT = "p";
  private static final String ACTION = "a";

  private final String output;
  private final boolean tellsFirings;

  /**
   * @param output name of the records' output
   * @param tellsFirings whether a record says which revision it is, or that it is early
   */
  UserSessionAggregator(String output, boolean tellsFirings) {
    this.output = output;
    this.tellsFirings = tellsFirings;
  }

  @Override
  public UserSession create() {
    return new UserSession();
  }

  @Override
  public void add(Event event, UserSession session, Overflow overflow) {
    byte[] data = event.data();
    switch (event.action()) {
      case VIEW -> session.views++;
      case ADD_TO_CART -> session.additions++;
      case REMOVE_FROM_CART -> session.removals++;
      case PURCHASE -> {
        session.purchases++;
        session.revenue.add(event.amountMicros());
      }
      case WISHLIST -> session.wishes++;
      case OTHER ->
          addOther(
              data, event.start(Event.ACTION), event.length(Event.ACTION), 1, session, overflow);
    }
    addProduct(
        data, event.start(Event.PRODUCT_ID), event.length(Event.PRODUCT_ID), session, overflow);
  }

  @Override
  public void merge(UserSession from, UserSession into, Overflow overflow) {
    into.revenue.add(from.revenue);
    into.addKnown(from);
    if (from.others != null) {
      from.others.forEach((name, count) -> addOther(name, 0, name.length, count, into, overflow));
    }
    from.products.forEach((data, start, length) -> addProduct(data, start, length, into, overflow));
    if (from.moreProducts == 0 && !from.hasMoreActions) {
      return;
    }
    for (Map.Entry<String, Long> entry : overflow.counts(from).entrySet()) {
      byte[] name = entry.getKey().substring(1).getBytes(UTF_8);
      if (entry.getKey().startsWith(PRODUCT)) {
        addProduct(name, 0, name.length, into, overflow);
      } else {
        addOther(name, 0, name.length, entry.getValue(), into, overflow);
      }
    }
  }

  private static void addProduct(
      byte[] data, int start, int length, UserSession session, Overflow overflow) {
    if (session.products.bytes() < PRODUCT_BYTES && session.moreProducts == 0) {
      session.products.add(data, start, length);
    } else if (!session.products.contains(data, start, length)) {
      String name = PRODUCT + new String(data, start, length, UTF_8);
      if (overflow.add(session, name, 1) == 0) {
        session.moreProducts++;
      }
    }
  }

  private static void addOther(
      byte[] data, int start, int length, long count, UserSession session, Overflow overflow) {
    if (session.others == null) {
      session.others = new OtherActions();
    }
    if (!session.others.add(data, start, length, count, !session.hasMoreActions)) {
      overflow.add(session, ACTION + new String(data, start, length, UTF_8), count);
      session.hasMoreActions = true;
    }
  }

  @Override
  public void emit(
      SessionFiring firing, UserSession session, Overflow overflow, Consumer<OutputRecord> out) {
    byte[] key = firing.key().getBytes(UTF_8);
    JsonWriter json =
        new JsonWriter()
            .begin()
            .field("user_id", key)
            .field("session_start", session.start())
            .field("session_end", session.last())
            .field("duration_ms", session.last() - session.start())
            .field("event_count", session.events());
    writeActions(session, overflow, json.open("actions"));
    json.close()
        .field("unique_products", session.products.size() + session.moreProducts)
        .field("purchase_count", session.purchases)
        .amount("revenue", session.revenue)
        .field("converted", session.purchases > 0);
    if (tellsFirings) {
      writeFiring(firing, json);
    }
    out.accept(OutputRecord.of(output, key, json.end()));
  }

  private static void writeFiring(SessionFiring firing, JsonWriter json) {
    if (firing.early()) {
      json.field("early", true);
    } else {
      json.field("revision", firing.revision());
    }
  }

  /** Writes the actions in the order of their UTF-8 bytes. */
  private static void writeActions(UserSession session, Overflow overflow, JsonWriter json) {
    TreeMap<byte[], Long> counts = new TreeMap<>(Arrays::compareUnsigned);
    put(Action.VIEW, session.views, counts);
    put(Action.ADD_TO_CART, session.additions, counts);
    put(Action.REMOVE_FROM_CART, session.removals, counts);
    put(Action.PURCHASE, session.purchases, counts);
    put(Action.WISHLIST, session.wishes, counts);
    if (session.others != null) {
      session.others.forEach(counts::put);
    }
    if (session.hasMoreActions) {
      overflow
          .counts(session)
          .forEach(
              (name, count) -> {
                if (name.startsWith(ACTION)) {
                  counts.put(name.substring(1).getBytes(UTF_8), count);
                }
              });
    }
    counts.forEach(json::field);
  }

  private static void put(Action action, long count, Map<byte[], Long> counts) {
    if (count > 0) {
      counts.put(action.name().toLowerCase(Locale.ROOT).getBytes(UTF_8), count);
    }
  }

  @Override
  public void retract(String user, long start, Consumer<OutputRecord> out) {
    byte[] key = user.getBytes(UTF_8);
    byte[] value =
        new JsonWriter()
            .begin()
            .field("user_id", key)
            .field("session_start", start)
            .field("retracted", true)
            .end();
    out.accept(OutputRecord.of(output, key, value));
  }

  @Override
  public TypeSerializer<UserSession> serializer() {
    return UserSessionSerializer.INSTANCE;
  }
}
