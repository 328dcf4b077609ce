package io.flinkblocks.quality;

import io.flinkblocks.cdc.Change;
import io.flinkblocks.config.Settings;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** The analysis data-quality-alerts: rows and tables that are not as rules demand. */
public final class Quality {
  /** The output's name. */
  public static final String OUTPUT = "data-quality-alerts";

  private static final String MEMORY = "data-quality-memory";
  private static final OutputTag<Part> PARTS = new OutputTag<>("parts", Part.TYPE);

  /**
   * Adds the analysis to a job. What a row tells by itself is judged in the task of the rows; what
   * depends on other rows, by subject and in the order of event time.
   *
   * @param rows all changes, with the rows that were there before them
   * @param settings {@code quality-grace}; {@code quality-rules}, a file in place of the rules that
   *     are here; {@code source-tables}, the tables that there are
   * @return alerts, and records that clear some of them
   * @throws io.flinkblocks.config.UserError when the file of rules is not in order
   */
  public static DataStream<OutputRecord> apply(DataStream<Change> rows, Settings settings) {
    List<Rule> rules = RuleFile.rules(settings);
    List<Rule> ofRows = rules.stream().filter(rule -> !rule.check().keepsMemory()).toList();
    List<Rule> ofMemory = rules.stream().filter(rule -> rule.check().keepsMemory()).toList();
    SingleOutputStreamOperator<OutputRecord> alerts =
        rows.process(new Rows(ofRows, ofMemory), OutputRecord.TYPE)
            .setParallelism(rows.getParallelism())
            .name(OUTPUT)
            .uid(OUTPUT);
    // There also without such rules: a resumed job finds the operator, and says what it misses.
    return alerts.union(
        alerts
            .getSideOutput(PARTS)
            .keyBy(Part::key, Types.STRING)
            .transform(
                MEMORY,
                OutputRecord.TYPE,
                new MemoryOperator(ofMemory, settings.millis("quality-grace")))
            .setParallelism(rows.getParallelism())
            .uid(MEMORY));
  }

  /**
   * Reads the rules, and does nothing with them.
   *
   * @throws io.flinkblocks.config.UserError when the file of rules is not in order
   */
  public static void check(Settings settings) {
    RuleFile.rules(settings);
  }

  /** Judges rows by themselves, and says what they mean to rules with memory. */
  private static final class Rows extends ProcessFunction<Change, OutputRecord> {
    private static final long serialVersionUID = 1;

    private final List<Rule> ofRows;
    private final List<Rule> ofMemory;
    private transient Parts parts;
    private transient JsonWriter json;

    Rows(List<Rule> ofRows, List<Rule> ofMemory) {
      this.ofRows = ofRows;
      this.ofMemory = ofMemory;
    }

    @Override
    public void open(OpenContext context) {
      parts = new Parts(ofMemory);
      json = new JsonWriter();
    }

    @Override
    public void processElement(Change change, Context context, Collector<OutputRecord> out) {
      for (Rule rule : ofRows) {
        Alert alert = rule.covers(change.table()) ? RowChecks.check(rule, change) : null;
        if (alert != null) {
          out.collect(alert.record(rule, change.table(), json));
        }
      }
      parts.split(change, part -> context.output(PARTS, part));
    }
  }

  private Quality() {}
}
