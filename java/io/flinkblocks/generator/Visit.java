package io.flinkblocks.generator;

/**
 * One shopper's visit: the funnel from view over add_to_cart to purchase.
 *
 * <p>A visit has 8 to 35 events. Its shopper looks at products, mostly of one category, puts some
 * in the cart (at most 3 at a time), removes a few, and buys what is in the cart product by
 * product. A product is bought or removed only after it was put in the cart, and put in the cart
 * only after a view, all in this visit.
 */
final class Visit {
  private static final int CART = 3;

  // What costs more is mostly wished for: few purchases are far above a shopper's usual ones.
  private static final int DEAR_CENTS = 20_000;

  private int rank;
  private int user;
  private long id;
  private Device device;
  private int address;
  private int eventsLeft;
  private int category;
  private int product;
  private boolean undecided;
  private boolean paying;
  private final int[] cartProducts = new int[CART];
  private final int[] cartQuantities = new int[CART];
  private int inCart;

  /** A new visit by a user, who has this rank in the lane. */
  void begin(int rank, int user, long id, Rng rng) {
    this.rank = rank;
    this.user = user;
    this.id = id;
    // At home, or in one of five visits on the way: two devices, each with its address.
    long place = Rng.mix(2L * user + (rng.below(5) == 0 ? 1 : 0) + 1);
    device = Device.of(place);
    address = (int) (place >>> 42);
    eventsLeft = 8 + rng.below(28);
    category = Catalogue.drawCategory(rng);
    undecided = false;
    paying = false;
    inCart = 0;
  }

  boolean over() {
    return eventsLeft == 0;
  }

  int rank() {
    return rank;
  }

  /** Writes the visit's next event into the draft: everything but its time. */
  void next(Rng rng, Draft draft) {
    eventsLeft--;
    draft.user = user;
    draft.session = id;
    draft.device = device;
    draft.address = address;
    draft.quantity = 1;
    draft.episode = null;
    if (paying) {
      takeFromCart(Step.PURCHASE, 0, draft);
    } else if (undecided) {
      decide(rng, draft);
    } else if (inCart > 0 && rng.below(100) < 11) {
      takeFromCart(Step.REMOVE_FROM_CART, rng.below(inCart), draft);
    } else if (inCart == CART || inCart > 0 && rng.below(100) < 45) {
      paying = true;
      takeFromCart(Step.PURCHASE, 0, draft);
    } else {
      view(rng, draft);
    }
  }

  private void view(Rng rng, Draft draft) {
    int shelf = rng.below(100) < 75 ? category : Catalogue.drawCategory(rng);
    product = Catalogue.drawProduct(shelf, rng);
    undecided = rng.below(100) < 60;
    draft.step = Step.VIEW;
    draft.product = product;
  }

  /** After a view that was not the end of it. */
  private void decide(Rng rng, Draft draft) {
    undecided = false;
    draft.product = product;
    int wish = Catalogue.cents(product) < DEAR_CENTS ? 14 : 94;
    if (rng.below(100) < wish || inCart == CART) {
      draft.step = Step.WISHLIST;
      return;
    }
    int chance = rng.below(100);
    draft.step = Step.ADD_TO_CART;
    draft.quantity = chance < 86 ? 1 : chance < 96 ? 2 : 3 + rng.below(3);
    cartProducts[inCart] = product;
    cartQuantities[inCart] = draft.quantity;
    inCart++;
  }

  private void takeFromCart(Step step, int place, Draft draft) {
    draft.step = step;
    draft.product = cartProducts[place];
    draft.quantity = cartQuantities[place];
    inCart--;
    for (int i = place; i < inCart; i++) {
      cartProducts[i] = cartProducts[i + 1];
      cartQuantities[i] = cartQuantities[i + 1];
    }
    paying = paying && inCart > 0;
  }
}
