package io.flinkblocks.lake;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import io.flinkblocks.cdc.Audit;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Lsn;
import io.flinkblocks.cdc.Row;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/**
 * The columns of a change: the fields of an audit record, with key and rows as JSON texts. The
 * table is a column that readers take from the name of the folder.
 */
final class ChangeColumns extends WriteSupport<Change> {
  private static final MessageType SCHEMA =
      Types.buildMessage()
          .optional(BINARY)
          .as(stringType())
          .named("key")
          .required(BINARY)
          .as(stringType())
          .named("op")
          .optional(BINARY)
          .as(stringType())
          .named("before")
          .optional(BINARY)
          .as(stringType())
          .named("after")
          .requiredList()
          .requiredElement(BINARY)
          .as(stringType())
          .named("changed")
          .optional(INT64)
          .named("tx_id")
          .optional(BINARY)
          .as(stringType())
          .named("lsn")
          .required(INT64)
          .as(timestampType(true, TimeUnit.MILLIS))
          .named("time")
          .named("change");

  private RecordConsumer out;

  @Override
  public WriteContext init(ParquetConfiguration conf) {
    return new WriteContext(SCHEMA, Map.of());
  }

  @Override
  @Deprecated // Abstract there, and not asked for with a ParquetConfiguration.
  public WriteContext init(Configuration conf) {
    throw new UnsupportedOperationException("there is no Hadoop here");
  }

  @Override
  public void prepareForWrite(RecordConsumer consumer) {
    out = consumer;
  }

  @Override
  public void write(Change change) {
    out.startMessage();
    bytes("key", binary(change.key()));
    bytes("op", Binary.fromString(change.op().code()));
    bytes("before", json(Audit.before(change)));
    bytes("after", json(change.after()));
    changed(Audit.changed(change));
    if (change.txId() >= 0) {
      number("tx_id", change.txId());
    }
    bytes("lsn", text(Lsn.text(change.lsn())));
    number("time", change.time());
    out.endMessage();
  }

  private void changed(List<String> columns) {
    int field = SCHEMA.getFieldIndex("changed");
    out.startField("changed", field);
    out.startGroup();
    if (!columns.isEmpty()) {
      out.startField("list", 0);
      for (String column : columns) {
        out.startGroup();
        out.startField("element", 0);
        out.addBinary(Binary.fromString(column));
        out.endField("element", 0);
        out.endGroup();
      }
      out.endField("list", 0);
    }
    out.endGroup();
    out.endField("changed", field);
  }

  /** Writes nothing for null. */
  private void bytes(String column, Binary value) {
    if (value != null) {
      int field = SCHEMA.getFieldIndex(column);
      out.startField(column, field);
      out.addBinary(value);
      out.endField(column, field);
    }
  }

  private void number(String column, long value) {
    int field = SCHEMA.getFieldIndex(column);
    out.startField(column, field);
    out.addLong(value);
    out.endField(column, field);
  }

  private static Binary json(Row row) {
    return row == null ? null : binary(row.json());
  }

  private static Binary text(String value) {
    return value == null ? null : Binary.fromString(value);
  }

  private static Binary binary(byte[] bytes) {
    return bytes == null ? null : Binary.fromConstantByteArray(bytes);
  }
}
