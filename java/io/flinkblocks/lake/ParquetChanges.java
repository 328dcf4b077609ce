package io.flinkblocks.lake;

import io.flinkblocks.cdc.Change;
import java.io.IOException;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;

/**
 * Opens Parquet files of changes. Nothing here needs Hadoop, beyond a type in Parquet's signatures.
 */
final class ParquetChanges implements BulkWriter.Factory<Change> {
  private static final long serialVersionUID = 1;

  // What is not yet written is held in memory for each open file: three tables or so at a time.
  private static final long ROW_GROUP_BYTES = 16L << 20;

  @Override
  public BulkWriter<Change> create(FSDataOutputStream out) throws IOException {
    ParquetWriter<Change> writer =
        new Builder(new StreamFile(out))
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withCodecFactory(new SnappyCodec())
            .withRowGroupSize(ROW_GROUP_BYTES)
            .build();
    return new Writer(writer);
  }

  /** Flink ends a file by this; the stream is Flink's to close. */
  private record Writer(ParquetWriter<Change> parquet) implements BulkWriter<Change> {
    @Override
    public void addElement(Change change) throws IOException {
      parquet.write(change);
    }

    @Override
    public void flush() {
      // Parquet writes whole row groups; what is left comes with the end of the file.
    }

    @Override
    public void finish() throws IOException {
      parquet.close();
    }
  }

  private static final class Builder extends ParquetWriter.Builder<Change, Builder> {
    Builder(OutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Change> getWriteSupport(ParquetConfiguration conf) {
      return new ChangeColumns();
    }

    @Override
    @Deprecated // Abstract there, and not asked for with a ParquetConfiguration.
    protected WriteSupport<Change> getWriteSupport(Configuration conf) {
      throw new UnsupportedOperationException("there is no Hadoop here");
    }
  }
}
