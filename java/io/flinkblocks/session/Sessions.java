package io.flinkblocks.session;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
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
    SessionOperator<UserSession> sessions =
        new SessionOperator<>(
            OUTPUT,
            new UserSessionAggregator(),
            settings.millis("session-timeout"),
            settings.millis("allowed-lateness"));
    return events
        .keyBy(Event::userId, Types.STRING)
        .transform(OUTPUT, OutputRecord.TYPE, sessions)
        .uid(OUTPUT);
  }

  /** The logic alone, for whoever runs it without an engine. */
  public static SessionAggregator<?> aggregator() {
    return new UserSessionAggregator();
  }

  private Sessions() {}
}
