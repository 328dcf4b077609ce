package io.flinkblocks.generator;

/** One labelled episode: a user of its own who makes the purchases of one {@link FraudRule}. */
final class FraudEpisode {
  private static final int MIN_GAP_MS = 1000;
  private static final int MAX_GAP_MS = 4000;

  private final FraudRule rule;
  private final long user;
  private final long session;
  private final Device device;
  private final int address;
  private int made;
  private int arrived;
  private long due;
  private long setOffBy = -1;

  /**
   * @param user the number of a user who does nothing else
   * @param session the id of its only visit
   */
  FraudEpisode(FraudRule rule, long user, long session, Rng rng) {
    this.rule = rule;
    this.user = user;
    this.session = session;
    this.device = Device.of(rng.next());
    this.address = rng.below(1 << 22);
  }

  /** From which time on the next purchase may be made, milliseconds. */
  long due() {
    return due;
  }

  boolean over() {
    return made == rule.purchases;
  }

  /** Writes the next purchase into the draft: everything but its time, which is {@code now}. */
  void next(long now, Rng rng, Draft draft) {
    draft.user = user;
    draft.session = session;
    draft.device = device;
    draft.address = rule == FraudRule.MANY_IPS ? address ^ made : address;
    draft.quantity = 1;
    draft.step = Step.PURCHASE;
    draft.product = rule.drawProduct(made, rng);
    draft.episode = this;
    made++;
    draft.setsOff = over();
    due = now + MIN_GAP_MS + rng.below(MAX_GAP_MS - MIN_GAP_MS);
  }

  /**
   * Notes that a purchase of this episode arrived as event n; with a negative n it is not in the
   * stream, and the episode never complete.
   *
   * @return the number of the event that sets off the rule, once all have arrived; before that -1
   */
  long arrived(Draft draft, long n) {
    if (draft.setsOff) {
      setOffBy = n;
    }
    arrived += n < 0 ? 0 : 1;
    return arrived == rule.purchases ? setOffBy : -1;
  }

  FraudRule rule() {
    return rule;
  }

  long user() {
    return user;
  }
}
