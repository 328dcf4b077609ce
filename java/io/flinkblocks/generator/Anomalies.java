package io.flinkblocks.generator;

import java.util.ArrayList;
import java.util.List;

/**
 * What is not ordinary in one lane: fraud episodes, late events, invalid records.
 *
 * <p>It has random numbers of its own: late events and invalid records leave all other records as
 * they are without them. Fraud episodes take the places of ordinary events.
 */
final class Anomalies {
  private static final int MIN_BEHIND_MS = 2 * 60_000;
  private static final int MAX_BEHIND_MS = 15 * 60_000;

  private final long seed;
  private final long late;
  private final long invalid;
  private final long episodeStart;
  private final List<FraudEpisode> episodes = new ArrayList<>();
  private Rng rng;
  private long nextDue;

  Anomalies(TrafficOptions options, long seed) {
    this.seed = seed;
    double fraud = options.fraudEpisodes();
    double late = options.lateEvents();
    this.late = Rng.threshold(share(late, 1 - fraud));
    this.invalid = Rng.threshold(share(options.invalidRecords(), 1 - fraud - late));
    // An episode begins where none continues.
    double perEvent = fraud / FraudRule.meanPurchases();
    this.episodeStart = Rng.threshold(share(perEvent, 1 - fraud + perEvent));
  }

  /** A probability, among the events that are left. */
  private static double share(double wanted, double left) {
    return wanted == 0 ? 0 : Math.min(1, wanted / left);
  }

  void beginBlock(long block) {
    rng = new Rng(Rng.derive(seed, block));
    episodes.clear();
    nextDue = Long.MAX_VALUE;
  }

  /**
   * Makes the draft part of a fraud episode, if it is the turn of one.
   *
   * @param now the draft's event time, milliseconds
   * @param unique a number that no other event has
   * @return whether it is
   */
  boolean fraud(long now, long unique, Draft draft) {
    FraudEpisode episode;
    if (nextDue <= now) {
      episode = mostOverdue();
    } else if (episodeStart > 0 && rng.chance(episodeStart)) {
      long user = ShopTraffic.FIRST_FRAUD_USER + unique;
      episode = new FraudEpisode(FraudRule.draw(rng), user, Rng.derive(seed, ~unique), rng);
      episodes.add(episode);
    } else {
      return false;
    }
    episode.next(now, rng, draft);
    if (episode.over()) {
      episodes.remove(episode);
    }
    nextDue = episodes.isEmpty() ? Long.MAX_VALUE : mostOverdue().due();
    return true;
  }

  private FraudEpisode mostOverdue() {
    FraudEpisode first = episodes.get(0);
    for (FraudEpisode episode : episodes) {
      if (episode.due() < first.due()) {
        first = episode;
      }
    }
    return first;
  }

  /** Makes the draft late or invalid, if it is to be; nothing of a fraud episode is. */
  void spoil(Draft draft) {
    draft.behind = 0;
    draft.defect = null;
    if (draft.episode != null) {
      return;
    }
    if (late > 0 && rng.chance(late)) {
      draft.behind = MIN_BEHIND_MS + rng.below(MAX_BEHIND_MS - MIN_BEHIND_MS);
    } else if (invalid > 0 && rng.chance(invalid)) {
      draft.defect = Defect.draw(rng);
      draft.defectChoice = rng.next();
    }
  }
}
