package io.flinkblocks.pattern;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.Event;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a user did with one product in a window: the event_ids that are part of a {@link Pattern} by
 * now, or still can be. Events come in their order.
 *
 * <p>Most products are looked at once or twice, and that is all.
 */
final class Trail {
  /** So many views without an add_to_cart are indecision. */
  static final int VIEWS = 5;

  private static final byte[][] NOTHING = {};

  /** Of everything here that does not grow, and of an empty array of views. */
  private static final int OWN_BYTES = 56;

  /** An array's header and the place in another one. */
  private static final int ID_BYTES = 24;

  /**
   * The first views. As many as {@link #VIEWS} until there is an add_to_cart: from then on one, as
   * the start of a conversion.
   */
  private byte[][] views = NOTHING;

  /** Whether there was an add_to_cart. */
  private boolean carted;

  /** The first add_to_cart behind the first view; or null. */
  private byte[] added;

  /** The first purchase behind that; or null. */
  private byte[] bought;

  /** The last add_to_cart, unless the product was bought or removed since; or null. */
  private byte[] left;

  private int bytes = OWN_BYTES;

  /**
   * Adds an event that is not before the others.
   *
   * @return how much more memory that takes, in bytes, roughly
   */
  int add(Event event) {
    int before = bytes;
    switch (event.action()) {
      case VIEW -> view(event);
      case ADD_TO_CART -> addToCart(event.bytes(Event.EVENT_ID));
      case PURCHASE -> {
        if (added != null && bought == null) {
          bought = kept(event.bytes(Event.EVENT_ID));
        }
        setLeft(null);
      }
      case REMOVE_FROM_CART -> setLeft(null);
      default -> {
        // The other actions are part of no pattern.
      }
    }
    return bytes - before;
  }

  private void view(Event event) {
    if (views.length < (carted ? 1 : VIEWS)) {
      views = Arrays.copyOf(views, views.length + 1);
      views[views.length - 1] = kept(event.bytes(Event.EVENT_ID));
    }
  }

  private void addToCart(byte[] eventId) {
    carted = true;
    while (views.length > 1) {
      bytes -= size(views[views.length - 1]);
      views = Arrays.copyOf(views, views.length - 1);
    }
    if (added == null && views.length > 0) {
      added = kept(eventId);
    }
    setLeft(eventId);
  }

  private void setLeft(byte[] eventId) {
    bytes -= size(left);
    left = kept(eventId);
  }

  private byte[] kept(byte[] eventId) {
    bytes += size(eventId);
    return eventId;
  }

  private static int size(byte[] eventId) {
    return eventId == null ? 0 : ID_BYTES + eventId.length;
  }

  /** Whether there is any pattern. */
  boolean hasPattern() {
    return bought != null || left != null || isIndecision();
  }

  /** The event_ids of a pattern; null when it is not there. */
  byte[][] find(Pattern pattern) {
    return switch (pattern) {
      case CONVERSION -> bought == null ? null : new byte[][] {views[0], added, bought};
      case ABANDONED_CART -> left == null ? null : new byte[][] {left};
      case INDECISION -> isIndecision() ? views : null;
    };
  }

  private boolean isIndecision() {
    return views.length == VIEWS; // There are not so many once there is an add_to_cart.
  }

  Trail copy() {
    Trail copy = new Trail();
    // No array is ever written to.
    copy.views = views;
    copy.carted = carted;
    copy.added = added;
    copy.bought = bought;
    copy.left = left;
    copy.bytes = bytes;
    return copy;
  }

  /** Roughly how much memory it takes, in bytes; one id in two roles counts twice. */
  int footprint() {
    return bytes;
  }

  /**
   * Writes whether there was an add_to_cart; the number of views, and each; and the other ids,
   * which are null without an add_to_cart, only if there was one.
   */
  void write(DataOutputView out) throws IOException {
    out.writeBoolean(carted);
    Compact.writeNumber(views.length, out);
    for (byte[] view : views) {
      Compact.writeBytes(view, out);
    }
    if (carted) {
      Compact.writeBytes(added, out);
      Compact.writeBytes(bought, out);
      Compact.writeBytes(left, out);
    }
  }

  /** Reads what {@link #write} wrote. */
  static Trail read(DataInputView in) throws IOException {
    Trail read = new Trail();
    read.carted = in.readBoolean();
    int number = Compact.readInt(in);
    read.views = number == 0 ? NOTHING : new byte[number][];
    for (int i = 0; i < number; i++) {
      read.views[i] = read.kept(Compact.readBytes(in));
    }
    if (read.carted) {
      read.added = read.kept(Compact.readBytes(in));
      read.bought = read.kept(Compact.readBytes(in));
      read.left = read.kept(Compact.readBytes(in));
    }
    return read;
  }
}
