package io.flinkblocks.fraud;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import io.flinkblocks.ordered.KeyedLogic;
import io.flinkblocks.ordered.OrderedOperator;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.source.Relevant;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The analysis fraud-alerts: purchases that are suspicious after the user's earlier ones. */
public final class Fraud {
  /** The output's name. */
  public static final String OUTPUT = "fraud-alerts";

  /**
   * Adds the analysis to a job.
   *
   * @param events all events, with watermarks
   * @param settings the thresholds, see {@link Thresholds#of}
   * @return one record per alert; and the late ones of the purchases as late-events
   */
  public static DataStream<OutputRecord> apply(DataStream<Event> events, Settings settings) {
    OrderedOperator<FraudState> rules =
        new OrderedOperator<>(OUTPUT, new FraudLogic(Thresholds.of(settings)));
    return Relevant.filter(
            events, OUTPUT, event -> event.action() == Action.PURCHASE, OUTPUT + "-purchases")
        .keyBy(Event::userId, Types.STRING)
        .transform(OUTPUT, OutputRecord.TYPE, rules)
        .uid(OUTPUT);
  }

  /** The logic alone, for whoever runs it without an engine. To be given purchases only. */
  public static KeyedLogic<?> logic(Settings settings) {
    return new FraudLogic(Thresholds.of(settings));
  }

  private Fraud() {}
}
