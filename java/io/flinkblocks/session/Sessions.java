package io.flinkblocks.session;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.EarlyFiring;
import io.flinkblocks.window.SessionAggregator;
import io.flinkblocks.window.SessionOperator;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The analysis user-sessions: what each user did, visit by visit. */
public final class Sessions {
  /** The output's name. */
  public static final String OUTPUT = "user-sessions";

  /**
   * Adds the analysis to a job.
   *
   * @param events all events, with watermarks
   * @param settings {@code session-timeout}, {@code allowed-lateness}
   * @return one record per user and session; retractions of sessions that late events made begin
   *     earlier; and the late ones of the events as late-events
   */
  public static DataStream<OutputRecord> apply(DataStream<Event> events, Settings settings) {
    return apply(events, OUTPUT, aggregator(), settings, EarlyFiring.OFF);
  }

  /** Adds the analysis under another name, too. */
  static DataStream<OutputRecord> apply(
      DataStream<Event> events,
      String output,
      SessionAggregator<?> aggregator,
      Settings settings,
      EarlyFiring early) {
    SessionOperator<?> sessions =
        new SessionOperator<>(
            output,
            aggregator,
            settings.millis("session-timeout"),
            settings.millis("allowed-lateness"),
            early);
    return events
        .keyBy(Event::userId, Types.STRING)
        .transform(output, OutputRecord.TYPE, sessions)
        .uid(output);
  }

  /** The logic alone, for whoever runs it without an engine. */
  public static SessionAggregator<?> aggregator() {
    return new UserSessionAggregator(OUTPUT, false);
  }

  private Sessions() {}
}
