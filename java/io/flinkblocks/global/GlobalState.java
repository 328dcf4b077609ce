package io.flinkblocks.global;

/** One product's window, and what its trigger counts. */
final class GlobalState {
  /** Of everything here that does not grow. */
  private static final long OWN_BYTES = 40;

  /** What the window holds; nothing only when the product is not known. */
  final KeptEvents kept;

  /** How many events came since the window fired last; those that were evicted count, too. */
  long waiting;

  /** When the first of them was; without meaning when there is none. */
  long waitingSince;

  GlobalState() {
    this(new KeptEvents());
  }

  GlobalState(KeptEvents kept) {
    this.kept = kept;
  }

  /** Adds an event that is not before the others. */
  void add(long time, long priceMicros) {
    kept.add(time, priceMicros);
    if (waiting == 0) {
      waitingSince = time;
    }
    waiting++;
  }

  GlobalState copy() {
    GlobalState copy = new GlobalState(kept.copy());
    copy.waiting = waiting;
    copy.waitingSince = waitingSince;
    return copy;
  }

  /** Roughly how much memory it takes, in bytes. */
  long footprint() {
    return OWN_BYTES + kept.footprint();
  }
}
