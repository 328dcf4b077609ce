package io.flinkblocks.bench.stock;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.SimpleVersionedStringSerializer;

/** One line of one output; a POJO. */
public final class OutputLine {
  private static final ObjectWriter JSON = mapper().writer();
  private static final int CENTS = 2;

  public String output;
  public String json;

  public OutputLine() {}

  /** A record class as JSON, its components as fields in their order. */
  public static OutputLine of(String output, Record value) throws JsonProcessingException {
    OutputLine line = new OutputLine();
    line.output = output;
    line.json = JSON.writeValueAsString(value);
    return line;
  }

  private static ObjectMapper mapper() {
    return JsonMapper.builder()
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
        .build();
  }

  /** An amount with two decimals at least, and no zeros beyond those. */
  public static BigDecimal money(BigDecimal amount) {
    BigDecimal shortest = amount.stripTrailingZeros();
    return shortest.setScale(Math.max(CENTS, shortest.scale()));
  }

  /** An average, rounded half-up to cents. */
  public static BigDecimal average(BigDecimal total, long count) {
    return total.divide(BigDecimal.valueOf(count), CENTS, RoundingMode.HALF_UP);
  }

  static final class Encoding implements Encoder<OutputLine> {
    private static final long serialVersionUID = 1;

    @Override
    public void encode(OutputLine line, OutputStream out) throws IOException {
      out.write((line.json + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  static final class Bucket implements BucketAssigner<OutputLine, String> {
    private static final long serialVersionUID = 1;

    @Override
    public String getBucketId(OutputLine line, Context context) {
      return line.output;
    }

    @Override
    public SimpleVersionedSerializer<String> getSerializer() {
      return SimpleVersionedStringSerializer.INSTANCE;
    }
  }
}
