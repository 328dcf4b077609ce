package io.flinkblocks.pattern;

import java.util.Locale;

/** What a user may do with a product in a window, in the order in which it is told. */
enum Pattern {
  /** Looks at it, then puts it into the cart, then buys it. */
  CONVERSION,
  /** Puts it into the cart, and neither buys nor removes it afterwards. */
  ABANDONED_CART,
  /** Looks at it again and again, but never puts it into the cart. */
  INDECISION;

  /** The name in records. */
  final String label = name().toLowerCase(Locale.ROOT);
}
