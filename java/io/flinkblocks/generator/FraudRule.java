package io.flinkblocks.generator;

import java.util.Locale;

/**
 * How an episode of each fraud rule goes: a few purchases, the last of which sets off the rule.
 *
 * <p>Prices keep the rules apart: an episode sets off its own rule alone.
 */
enum FraudRule {
  /** Five purchases of similar amounts within 16 seconds. */
  VELOCITY(5, Pool.MIDDLE, Pool.MIDDLE),
  /** Three small purchases, then one of at least 25 times their mean. */
  HIGH_AMOUNT(4, Pool.MODEST, Pool.DEAR),
  /** One purchase of at most 1.00, a few seconds later one of at least 500.00. */
  SMALL_THEN_LARGE(2, Pool.TINY, Pool.DEAR),
  /** Three purchases of similar amounts from three addresses. */
  MANY_IPS(3, Pool.MIDDLE, Pool.MIDDLE);

  /** Products by price, so that prices stay those of the catalogue. */
  private static final class Pool {
    static final int[] TINY = Catalogue.pricedBetween(1, 100);
    static final int[] MODEST = Catalogue.pricedBetween(500, 2000);
    static final int[] MIDDLE = Catalogue.pricedBetween(2000, 6000);
    static final int[] DEAR = Catalogue.pricedBetween(50000, Long.MAX_VALUE);
  }

  private static final FraudRule[] ALL = values();

  /** How many purchases an episode has. */
  final int purchases;

  private final int[] firstProducts;
  private final int[] lastProducts;

  FraudRule(int purchases, int[] firstProducts, int[] lastProducts) {
    this.purchases = purchases;
    this.firstProducts = firstProducts;
    this.lastProducts = lastProducts;
  }

  static FraudRule draw(Rng rng) {
    return ALL[rng.below(ALL.length)];
  }

  /** The mean number of events of an episode. */
  static double meanPurchases() {
    double sum = 0;
    for (FraudRule rule : ALL) {
      sum += rule.purchases;
    }
    return sum / ALL.length;
  }

  /** The product of purchase {@code number}, from 0. */
  int drawProduct(int number, Rng rng) {
    int[] products = number == purchases - 1 ? lastProducts : firstProducts;
    return products[rng.below(products.length)];
  }

  /** The rule's name in alerts. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
