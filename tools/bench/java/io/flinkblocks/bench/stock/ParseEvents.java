package io.flinkblocks.bench.stock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Bytes to events; what is no valid event goes to a side output. */
final class ParseEvents extends ProcessFunction<byte[], ShopEvent> {
  static final OutputTag<OutputLine> INVALID =
      new OutputTag<>("dead-letter", TypeInformation.of(OutputLine.class));

  private static final long serialVersionUID = 1;
  private static final int MAX_BYTES = 256;
  private static final int MAX_QUANTITY = 1_000_000;
  private static final int MICROS = 6;
  private static final BigDecimal MAX_AMOUNT = BigDecimal.valueOf(1_000_000_000);
  private static final long END_OF_TIME = 253402300800000L;
  private static final long MAX_FUTURE = Duration.ofHours(1).toMillis();

  private transient ObjectMapper mapper;
  private transient long newest;

  /** The mapper that all events are read with. */
  static ObjectMapper mapper() {
    return new ObjectMapper()
        .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
  }

  @Override
  public void open(OpenContext context) {
    mapper = mapper();
    newest = System.currentTimeMillis() + MAX_FUTURE;
  }

  @Override
  public void processElement(byte[] line, Context context, Collector<ShopEvent> out)
      throws JsonProcessingException {
    if (line.length == 0) {
      return;
    }
    ShopEvent event;
    try {
      event = mapper.readValue(line, ShopEvent.class);
    } catch (IOException e) {
      context.output(INVALID, deadLetter("not_json", line));
      return;
    }
    event.raw = line;
    if (isValid(event)) {
      out.collect(event);
    } else {
      context.output(INVALID, deadLetter("invalid", line));
    }
  }

  private boolean isValid(ShopEvent event) {
    if (!isText(event.eventId)
        || !isText(event.userId)
        || !isText(event.sessionId)
        || !isText(event.productId)
        || !isText(event.category)
        || !isText(event.action)
        || event.price == null) {
      return false;
    }
    if (event.price.scale() > MICROS) {
      event.price = event.price.setScale(MICROS, RoundingMode.HALF_EVEN);
    }
    return event.price.signum() >= 0
        && event.quantity >= 1
        && event.quantity <= MAX_QUANTITY
        && event.amount().compareTo(MAX_AMOUNT) <= 0
        && event.timestamp > 0
        && event.timestamp < END_OF_TIME
        && event.timestamp <= newest;
  }

  private static boolean isText(String text) {
    // A character is 3 bytes at most, a surrogate pair 4: short ones need no counting.
    return text != null
        && !text.isEmpty()
        && (text.length() <= MAX_BYTES / 3
            || text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES);
  }

  private static OutputLine deadLetter(String reason, byte[] line) throws JsonProcessingException {
    return OutputLine.of(
        INVALID.getId(), new DeadLetter(reason, new String(line, StandardCharsets.UTF_8)));
  }

  private record DeadLetter(String reason, String value) {}
}
