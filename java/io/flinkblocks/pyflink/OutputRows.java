package io.flinkblocks.pyflink;

import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.source.Tally;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.typeutils.RowTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.types.Row;

/**
 * The step behind an operator in Python: its rows become output records, and its counts accounts.
 *
 * <p>A row is either a record (output, key, value) or a change of a count (name, number). The
 * counts are kept here because PyFlink has no operator state: what the operator had sent before a
 * checkpoint is counted in it, so they stay exact over restarts.
 */
public final class OutputRows {
  private static final TypeInformation<byte[]> UTF8 =
      PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;

  /** What an operator in Python emits; null for what a row is not about. */
  public static final RowTypeInfo ROW =
      new RowTypeInfo(Types.STRING, UTF8, UTF8, Types.STRING, Types.LONG);

  private static final int OUTPUT = 0;
  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final int COUNT = 3;
  private static final int NUMBER = 4;

  /**
   * Adds the step to a job, with the parallelism of the rows, so that they are one task.
   *
   * @param rows of type {@link #ROW}
   * @param analysis the name of the analysis' output
   * @param counts what it counts: used, late and so on
   * @param uid uid and name of the step
   */
  public static DataStream<OutputRecord> records(
      DataStream<Row> rows, String analysis, List<String> counts, String uid) {
    return rows.transform(uid, OutputRecord.TYPE, new Operator(analysis, List.copyOf(counts)))
        .setParallelism(rows.getParallelism())
        .uid(uid);
  }

  static final class Operator extends AbstractStreamOperator<OutputRecord>
      implements OneInputStreamOperator<Row, OutputRecord> {
    private static final long serialVersionUID = 1;

    // Rises and falls; all others only grow.
    private static final String HELD = "held";

    private final String analysis;
    private final List<String> names;
    private transient Tally tally;
    private transient Map<String, Tally.Count> counts;

    Operator(String analysis, List<String> names) {
      this.analysis = analysis;
      this.names = names;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
      super.initializeState(context);
      tally = Tally.open(analysis, context, getRuntimeContext());
      counts = new HashMap<>();
      for (String name : names) {
        counts.put(name, name.equals(HELD) ? tally.gauge(name) : tally.counter(name));
      }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
      super.snapshotState(context);
      tally.snapshot();
    }

    @Override
    public void processElement(StreamRecord<Row> element) {
      Row row = element.getValue();
      if (row.getField(COUNT) != null) {
        counts.get(row.<String>getFieldAs(COUNT)).add(row.<Long>getFieldAs(NUMBER));
      } else {
        String output = row.getFieldAs(OUTPUT);
        OutputRecord record = OutputRecord.of(output, row.getFieldAs(KEY), row.getFieldAs(VALUE));
        this.output.collect(element.replace(record));
      }
    }
  }

  private OutputRows() {}
}
