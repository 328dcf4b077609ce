package io.flinkblocks.generator;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.Serializable;
import java.math.BigDecimal;

/**
 * What traffic to generate. Seed and shares decide what the events are, records and rate only how
 * many come when.
 *
 * @param seed another seed gives other events
 * @param records number of events; 0 = no limit
 * @param rate events per second of wall-clock time; 0 = full speed
 * @param lateEvents share of the events, 0 to 1, that come minutes late
 * @param invalidRecords share of the events, 0 to 1, that are no valid events
 * @param fraudEpisodes share of the events, 0 to 1, that belong to fraud episodes
 */
public record TrafficOptions(
    long seed,
    long records,
    double rate,
    double lateEvents,
    double invalidRecords,
    double fraudEpisodes)
    implements Serializable {

  // Decimal fractions that are 1 together may be a bit more in binary.
  private static final double ONE = 1 + 1e-9;

  /**
   * Checks the ranges.
   *
   * @throws UserError for a value out of its range, or shares that are more than all events
   */
  public TrafficOptions {
    // Written so that a NaN fails too.
    require(records >= 0, "records", records, "the number of events, or 0 for no limit");
    require(rate >= 0 && rate < 1e12, "rate", rate, "events per second, or 0 for full speed");
    requireShare("late-events", lateEvents);
    requireShare("invalid-records", invalidRecords);
    requireShare("fraud-episodes", fraudEpisodes);
    if (lateEvents + invalidRecords + fraudEpisodes > ONE) {
      throw new UserError(
          "--late-events, --invalid-records and --fraud-episodes are more than 1 together",
          "lower one of them");
    }
  }

  /** Ordinary traffic alone, without end and at full speed. */
  public static TrafficOptions ordinary(long seed) {
    return new TrafficOptions(seed, 0, 0, 0, 0, 0);
  }

  /**
   * From {@code --seed, --records, --rate, --late-events, --invalid-records, --fraud-episodes}; the
   * last three may be missing.
   *
   * @throws UserError as the constructor
   */
  public static TrafficOptions of(Settings settings) {
    return new TrafficOptions(
        settings.number("seed"),
        settings.number("records"),
        settings.decimal("rate").doubleValue(),
        share(settings, "late-events"),
        share(settings, "invalid-records"),
        share(settings, "fraud-episodes"));
  }

  /** The number of the first event that is not generated any more. */
  public long limit() {
    return records == 0 ? Long.MAX_VALUE : records;
  }

  private static double share(Settings settings, String flag) {
    return settings.find(flag).map(BigDecimal::new).orElse(BigDecimal.ZERO).doubleValue();
  }

  private static void requireShare(String flag, double share) {
    require(share >= 0 && share <= 1, flag, share, "a share of the events from 0 to 1");
  }

  private static void require(boolean met, String flag, Number value, String wanted) {
    if (!met) {
      throw new UserError("--" + flag + " is " + value, "give " + wanted);
    }
  }
}
