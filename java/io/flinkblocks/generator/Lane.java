package io.flinkblocks.generator;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * One of the {@link ShopTraffic#LANES} shares of the traffic: event n belongs to lane n % LANES, a
 * user to one lane too.
 *
 * <p>A lane is cut in blocks of {@link #BLOCK} of its events. A block depends on nothing but seed,
 * lane and its number, so any event is reached by playing its block from the start. Visits end with
 * their block; the lanes' blocks are staggered, so that this never shows in all lanes at once.
 *
 * <p>Within a block events are thought out in the order of event time and arrive a little mixed:
 * each is drawn from those that happen until {@link #MAX_EARLY_MS} after its turn, and one that has
 * waited for {@link #MAX_WAIT_MS} comes before all others.
 */
final class Lane {
  static final int BLOCK = 8192;
  // Neighbours in a lane happen up to 1600 ms apart, at night, when an overdue event waits up to
  // 800 ms more for another one: altogether ShopTraffic.MAX_DISORDER_MS.
  private static final int MAX_EARLY_MS = 1100;
  private static final int MAX_WAIT_MS = 1400;

  // With a mean of 50 events a second a visitor does something every 20 s.
  private static final int VISITORS = 64;
  private static final int USERS = ShopTraffic.USERS / ShopTraffic.LANES;
  private static final Zipf USER_RANKS = new Zipf(USERS, 0.6);

  private final int lane;
  private final long seed;
  private final long offset;
  private final Anomalies anomalies;
  private final Visit[] visits = new Visit[VISITORS];
  private final BitSet visiting = new BitSet(USERS);
  private final List<Draft> waiting = new ArrayList<>();
  private final List<Draft> spare = new ArrayList<>();

  private Rng rng;
  private long position;
  private long drafted;
  private long blockEnd;
  private long visitsBegun;

  Lane(TrafficOptions options, int lane) {
    this.lane = lane;
    seed = Rng.derive(options.seed(), 2L * lane);
    offset = (2L * lane + 1) * BLOCK / ShopTraffic.LANES / 2;
    anomalies = new Anomalies(options, Rng.derive(options.seed(), 2L * lane + 1));
    for (int i = 0; i < VISITORS; i++) {
      visits[i] = new Visit();
    }
    seek(0);
  }

  /** Makes the lane's event {@code index} the next: the stream's index x LANES + lane. */
  void seek(long index) {
    long target = index + offset;
    beginBlock(target / BLOCK);
    while (position < target) {
      next();
    }
  }

  /** The lane's event that comes next. */
  long index() {
    return position - offset;
  }

  /** The next event in the order of arrival; the draft is reused by the call after. */
  Draft next() {
    if (position == blockEnd) {
      beginBlock(position / BLOCK);
    }
    long now = TrafficClock.at(number(position));
    while (drafted < blockEnd && (waiting.isEmpty() || newest().happened < now + MAX_EARLY_MS)) {
      waiting.add(draft());
    }
    Draft arriving = waiting.remove(pick(now));
    arriving.completes =
        arriving.episode == null ? -1 : arriving.episode.arrived(arriving, number(position));
    spare.add(arriving);
    position++;
    return arriving;
  }

  private void beginBlock(long block) {
    rng = new Rng(Rng.derive(seed, block));
    anomalies.beginBlock(block);
    position = block * BLOCK;
    drafted = position;
    blockEnd = position + BLOCK;
    // More than a block can begin: ids of visits stay unique.
    visitsBegun = block * (BLOCK + VISITORS);
    spare.addAll(waiting);
    waiting.clear();
    visiting.clear();
    for (Visit visit : visits) {
      begin(visit);
    }
  }

  private void begin(Visit visit) {
    int rank = USER_RANKS.draw(rng);
    for (int tries = 0; visiting.get(rank) && tries < 8; tries++) {
      rank = USER_RANKS.draw(rng);
    }
    // Nobody makes two visits at a time: then it is a user who comes more rarely.
    rank = visiting.nextClearBit(rank);
    rank = rank < USERS ? rank : visiting.previousClearBit(USERS - 1);
    visiting.set(rank);
    visit.begin(rank, rank * ShopTraffic.LANES + lane, Rng.mix(seed + visitsBegun), rng);
    visitsBegun++;
  }

  /** Thinks out the next event in the order of event time. */
  private Draft draft() {
    Draft draft = spare.isEmpty() ? new Draft() : spare.remove(spare.size() - 1);
    long n = number(drafted);
    long turn = TrafficClock.at(n);
    int span = (int) (TrafficClock.at(n + ShopTraffic.LANES) - turn);
    draft.happened = turn + rng.below(span);
    // Without the offset n may be negative.
    long unique = drafted * ShopTraffic.LANES + lane;
    if (!anomalies.fraud(draft.happened, unique, draft)) {
      Visit visit = visits[rng.below(VISITORS)];
      visit.next(rng, draft);
      if (visit.over()) {
        visiting.clear(visit.rank());
        begin(visit);
      }
    }
    anomalies.spoil(draft);
    drafted++;
    return draft;
  }

  /** Which of those that wait arrives: the oldest every second time, and when it is overdue. */
  private int pick(long now) {
    int any = rng.below(2 * waiting.size());
    boolean overdue = waiting.get(0).happened < now - MAX_WAIT_MS;
    return overdue || any >= waiting.size() ? 0 : any;
  }

  private Draft newest() {
    return waiting.get(waiting.size() - 1);
  }

  private long number(long at) {
    return (at - offset) * ShopTraffic.LANES + lane;
  }
}
