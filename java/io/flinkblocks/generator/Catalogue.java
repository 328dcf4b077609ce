package io.flinkblocks.generator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.stream.IntStream;

/**
 * What the shop sells: 2,000 products in 10 categories, the same for every seed.
 *
 * <p>Product p belongs to category p / 200. A product's price never changes. Categories differ in
 * how often they are visited; within a category the product of rank r (p % 200) is drawn with a
 * chance proportional to 1 / (r + 1).
 */
final class Catalogue {
  private record Category(String name, int percent, double cheapest, double dearest) {}

  private static final Category[] CATEGORIES = {
    new Category("electronics", 16, 15, 2500),
    new Category("fashion", 15, 9, 300),
    new Category("home", 13, 8, 700),
    new Category("books", 11, 4, 60),
    new Category("beauty", 10, 3, 120),
    new Category("sports", 9, 7, 600),
    new Category("toys", 8, 4, 150),
    new Category("grocery", 8, 0.4, 40),
    new Category("garden", 6, 5, 400),
    new Category("automotive", 4, 6, 500),
  };
  private static final int PER_CATEGORY = 200;
  static final int PRODUCTS = CATEGORIES.length * PER_CATEGORY;

  private static final Zipf RANKS = new Zipf(PER_CATEGORY, 1.0);
  private static final byte[] CATEGORY_OF_PERCENT = new byte[100];
  private static final long[] CENTS = new long[PRODUCTS];

  /** The record from the product's id to the action's opening quote. */
  private static final byte[][] HEADS = new byte[PRODUCTS][];

  static {
    int percent = 0;
    for (int category = 0; category < CATEGORIES.length; category++) {
      for (int i = 0; i < CATEGORIES[category].percent; i++) {
        CATEGORY_OF_PERCENT[percent++] = (byte) category;
      }
    }
    for (int product = 0; product < PRODUCTS; product++) {
      CENTS[product] = price(product);
      HEADS[product] =
          ("\",\"product_id\":\""
                  + id(product)
                  + "\",\"category\":\""
                  + category(product)
                  + "\",\"action\":\"")
              .getBytes(US_ASCII);
    }
  }

  /** Spread evenly over the orders of magnitude, and ending in 9. */
  private static long price(int product) {
    Category category = CATEGORIES[product / PER_CATEGORY];
    double position = (Rng.mix(product + 1) >>> 11) * 0x1p-53;
    double amount =
        category.cheapest * StrictMath.pow(category.dearest / category.cheapest, position);
    return Math.round(amount * 10) * 10 - 1;
  }

  static int drawCategory(Rng rng) {
    return CATEGORY_OF_PERCENT[rng.below(100)];
  }

  static int drawProduct(int category, Rng rng) {
    return category * PER_CATEGORY + RANKS.draw(rng);
  }

  static String id(int product) {
    return "prod-" + (1000 + product);
  }

  static String category(int product) {
    return CATEGORIES[product / PER_CATEGORY].name;
  }

  static long cents(int product) {
    return CENTS[product];
  }

  static byte[] head(int product) {
    return HEADS[product];
  }

  /** The products whose price lies in [from, to], in cents. */
  static int[] pricedBetween(long from, long to) {
    return IntStream.range(0, PRODUCTS).filter(p -> CENTS[p] >= from && CENTS[p] <= to).toArray();
  }

  private Catalogue() {}
}
