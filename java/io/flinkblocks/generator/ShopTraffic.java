package io.flinkblocks.generator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * A web shop's click stream as JSON records: event n is a pure function of the options and n.
 *
 * <p>10,000 users with Zipf popularity visit {@link Catalogue} with devices, addresses and sessions
 * of their own; about 15 % of the events are purchases. Event time begins at 2020-01-06T09:00:00Z
 * and passes at 50 events a second with a daily rhythm ({@link TrafficClock}). The order of arrival
 * differs from it: no event has a timestamp more than {@link #MAX_DISORDER_MS} smaller than one
 * before it, neither in the whole stream nor in any lane; late events alone break that.
 *
 * <p>The stream consists of {@link #LANES} lanes that do not know of each other, each in bounded
 * disorder by itself and all at the same event time: event n belongs to lane n % LANES. So it can
 * be read as one or be split, and the events stay the same.
 *
 * <p>Reads forward from any event; for one thread.
 */
public final class ShopTraffic {
  /** Into how many parts the stream can be split. */
  public static final int LANES = 16;

  /** How many ordinary users there are; each fraud episode has one of its own. */
  public static final int USERS = 10_000;

  /** Bound of the disorder, milliseconds: a little less than the usual out-of-orderness of 5 s. */
  public static final int MAX_DISORDER_MS = 4900;

  static final long FIRST_FRAUD_USER = 1_000_000;

  private final Lane[] lanes = new Lane[LANES];
  private final int onlyLane;
  private final long eventSeed;
  private final RecordWriter record = new RecordWriter();
  private long next;
  private long user;
  private Label label;

  private ShopTraffic(TrafficOptions options, int onlyLane) {
    this.onlyLane = onlyLane;
    eventSeed = Rng.derive(options.seed(), -1);
    for (int lane = 0; lane < LANES; lane++) {
      lanes[lane] = onlyLane < 0 || onlyLane == lane ? new Lane(options, lane) : null;
    }
    next = Math.max(onlyLane, 0);
  }

  /** The whole stream, from event 0. */
  public static ShopTraffic whole(TrafficOptions options) {
    return new ShopTraffic(options, -1);
  }

  /** The events n with n % LANES = lane, from event {@code lane}. */
  public static ShopTraffic ofLane(TrafficOptions options, int lane) {
    return new ShopTraffic(options, lane);
  }

  /**
   * Makes n the number of the next event; takes some milliseconds.
   *
   * @param n at least 0; of a single lane's stream one of its events
   */
  public void seek(long n) {
    for (int lane = 0; lane < LANES; lane++) {
      if (lanes[lane] != null) {
        lanes[lane].seek(Math.floorDiv(n - lane + LANES - 1, (long) LANES));
      }
    }
    next = n;
  }

  /** The number of the next event. */
  public long next() {
    return next;
  }

  /** Produces the next event: {@link #buffer}, {@link #length}, {@link #label} then tell of it. */
  public void advance() {
    long n = next;
    Draft draft = lanes[(int) (n % LANES)].next();
    long number = Rng.mix(eventSeed + n);
    user = draft.user;
    label = null;
    if (draft.defect != null) {
      String field = record.writeSpoilt(draft, number);
      label = new Label.Invalid(n, RecordWriter.eventId(number), draft.defect.reason(), field);
    } else {
      record.write(draft, number);
      if (draft.behind > 0) {
        label = new Label.Late(n, RecordWriter.eventId(number), draft.behind);
      } else if (draft.completes >= 0) {
        label = fraud(draft);
      }
    }
    next = n + (onlyLane < 0 ? 1 : LANES);
  }

  private Label fraud(Draft draft) {
    String eventId = RecordWriter.eventId(Rng.mix(eventSeed + draft.completes));
    String rule = draft.episode.rule().label();
    return new Label.Fraud(draft.completes, eventId, rule, RecordWriter.userId(draft.user));
  }

  /** Holds the record, without a line's end, in [0, length); overwritten by the next one. */
  public byte[] buffer() {
    return record.buffer();
  }

  /** The record's length in bytes. */
  public int length() {
    return record.length();
  }

  /** A copy of the record. */
  public byte[] value() {
    return Arrays.copyOf(record.buffer(), record.length());
  }

  /** The user's id, also of an invalid record: the Kafka key. */
  public byte[] userId() {
    return RecordWriter.userId(user).getBytes(US_ASCII);
  }

  /**
   * What there is to know of the event, or null for ordinary traffic. A fraud episode's label comes
   * with the last of its events to arrive, and names the one that sets off the rule.
   */
  public Label label() {
    return label;
  }
}
