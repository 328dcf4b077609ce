package io.flinkblocks.generator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;

/** What a visitor does, as the record's action. */
enum Step {
  VIEW,
  ADD_TO_CART,
  REMOVE_FROM_CART,
  PURCHASE,
  WISHLIST;

  final byte[] text = name().toLowerCase(Locale.ROOT).getBytes(US_ASCII);
}
