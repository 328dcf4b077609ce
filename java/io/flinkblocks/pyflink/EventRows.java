package io.flinkblocks.pyflink;

import io.flinkblocks.event.Event;
import io.flinkblocks.window.FixedSettings;
import io.flinkblocks.window.RestoredWatermark;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.typeutils.RowTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.types.Row;

/**
 * The step in front of a keyed operator in Python: events as rows of plain fields.
 *
 * <p>Each row tells where event time stood when it came, over restarts too. PyFlink cannot say it:
 * it has no operator state in which a watermark could survive. And its processes would see the
 * watermark of the last bundle of rows.
 */
public final class EventRows {
  // UTF-8: PyFlink's operators in the JVM get a Java string without the U+FEFF that it begins with.
  private static final TypeInformation<byte[]> TEXT =
      PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;

  /** One event, in the order of the fields of {@code flinkblocks.logic.Event}; text is UTF-8. */
  public static final RowTypeInfo EVENT =
      new RowTypeInfo(
          new TypeInformation<?>[] {
            TEXT,
            TEXT,
            TEXT,
            TEXT,
            TEXT,
            TEXT,
            TEXT,
            Types.LONG,
            Types.LONG,
            TEXT,
            Types.LONG,
            Types.LONG,
            Types.LONG
          },
          new String[] {
            "event_id",
            "user_id",
            "session_id",
            "product_id",
            "category",
            "action",
            "ip_address",
            "amount_micros",
            "timestamp",
            "raw",
            "watermark",
            "closed",
            "price_micros"
          });

  /** PyFlink wants keys as rows of one field, and the records of a keyed stream as (key, value). */
  static final RowTypeInfo KEY = new RowTypeInfo(Types.STRING);

  static final RowTypeInfo KEYED = new RowTypeInfo(Types.STRING, EVENT);

  /**
   * Spreads events over the subtasks by one of their fields.
   *
   * @param field the key, a field of {@link Event} such as {@link Event#CATEGORY}
   * @param allowedLateness in milliseconds; 0 where nothing can be corrected
   * @param fixed the settings that the state in Python depends on, in words, see {@link
   *     FixedSettings}
   * @param uid uid and name of the step
   * @return rows (key, {@link #EVENT}), as PyFlink's keyed operators take them
   */
  public static KeyedStream<Row, Row> keyedBy(
      DataStream<Event> events, int field, long allowedLateness, String fixed, String uid) {
    KeySelector<Event, Row> key = event -> Row.of(event.string(field));
    KeySelector<Row, Row> sameKey = row -> Row.of(row.getField(0));
    DataStream<Row> rows =
        events
            .keyBy(key, KEY)
            .transform(uid, KEYED, new Operator(allowedLateness, fixed, uid))
            .uid(uid);
    return DataStreamUtils.reinterpretAsKeyedStream(rows, sameKey, KEY);
  }

  static final class Operator extends AbstractStreamOperator<Row>
      implements OneInputStreamOperator<Event, Row> {
    private static final long serialVersionUID = 1;

    private final long allowedLateness;
    private final String fixed;
    private final String uid;
    private transient RestoredWatermark restored;
    private transient long current;

    Operator(long allowedLateness, String fixed, String uid) {
      this.allowedLateness = allowedLateness;
      this.fixed = fixed;
      this.uid = uid;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
      super.initializeState(context);
      FixedSettings.check(context, uid, fixed);
      restored =
          RestoredWatermark.open(context, getRuntimeContext().getTaskInfo(), allowedLateness);
      current = Long.MIN_VALUE;
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
      super.snapshotState(context);
      restored.snapshot(current);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
      current = mark.getTimestamp();
      super.processWatermark(mark);
    }

    @Override
    public void processElement(StreamRecord<Event> element) {
      Row key = (Row) getCurrentKey();
      long watermark = restored.watermark(current, key);
      Row event = row(element.getValue(), watermark, restored.closed(watermark, key));
      output.collect(element.replace(Row.of(key.getField(0), event)));
    }
  }

  private static Row row(Event event, long watermark, long closed) {
    return Row.of(
        event.bytes(Event.EVENT_ID),
        event.bytes(Event.USER_ID),
        event.bytes(Event.SESSION_ID),
        event.bytes(Event.PRODUCT_ID),
        event.bytes(Event.CATEGORY),
        event.bytes(Event.ACTION),
        event.bytes(Event.IP_ADDRESS),
        event.amountMicros(),
        event.timestamp(),
        event.raw(),
        watermark,
        closed,
        event.priceMicros());
  }

  private EventRows() {}
}
