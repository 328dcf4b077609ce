package io.flinkblocks.bench.stock;

import io.flinkblocks.bench.LineReader;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.reader.SimpleStreamFormat;
import org.apache.flink.core.fs.FSDataInputStream;

/** Lines as bytes: Flink's own format makes Strings, which Jackson would have to read again. */
final class LineFormat extends SimpleStreamFormat<byte[]> {
  private static final long serialVersionUID = 1;

  @Override
  public Reader<byte[]> createReader(Configuration config, FSDataInputStream stream) {
    LineReader lines = new LineReader(stream);
    return new Reader<>() {
      @Override
      public byte[] read() throws IOException {
        return lines.next();
      }

      @Override
      public void close() throws IOException {
        lines.close();
      }
    };
  }

  @Override
  public TypeInformation<byte[]> getProducedType() {
    return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
  }
}
