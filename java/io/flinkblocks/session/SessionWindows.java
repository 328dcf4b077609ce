package io.flinkblocks.session;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.EarlyFiring;
import io.flinkblocks.window.SessionAggregator;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The analysis windowing-session: {@link Sessions} that tell what they emit, and when. */
public final class SessionWindows {
  /** The output's name. */
  public static final String OUTPUT = "windowing-session";

  /**
   * Adds the analysis to a job.
   *
   * @param events all events, with watermarks
   * @param settings {@code session-timeout}, {@code allowed-lateness}, {@code early-firing}
   * @return one record per user and session, and one with the next revision for each correction;
   *     early ones; retractions of sessions that now begin earlier; and the late ones of the events
   *     as late-events
   */
  public static DataStream<OutputRecord> apply(DataStream<Event> events, Settings settings) {
    return Sessions.apply(
        events,
        OUTPUT,
        new UserSessionAggregator(OUTPUT, true),
        settings,
        new EarlyFiring(settings.millis("early-firing")));
  }

  /** The logic alone, for whoever runs it without an engine. */
  public static SessionAggregator<?> aggregator() {
    return new UserSessionAggregator(OUTPUT, true);
  }

  private SessionWindows() {}
}
