package io.flinkblocks.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The actions with a meaning of their own. */
public enum Action {
  VIEW,
  ADD_TO_CART,
  REMOVE_FROM_CART,
  PURCHASE,
  WISHLIST,
  OTHER;

  private static final Action[] KNOWN = {VIEW, ADD_TO_CART, REMOVE_FROM_CART, PURCHASE, WISHLIST};

  private final byte[] text = name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);

  static Action of(byte[] data, int start, int length) {
    for (Action action : KNOWN) {
      if (action.text.length == length
          && Arrays.equals(action.text, 0, length, data, start, start + length)) {
        return action;
      }
    }
    return OTHER;
  }
}
