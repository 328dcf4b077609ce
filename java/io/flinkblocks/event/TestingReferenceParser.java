package io.flinkblocks.event;

import static io.flinkblocks.event.TestingVerdict.refused;

import io.flinkblocks.event.DeadLetter.Reason;
import io.flinkblocks.event.TestingJsonTree.Num;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The contract of an event word for word, over a tree, without any thought of speed: what {@link
 * EventParser} must agree with on every input.
 */
public final class TestingReferenceParser {
  private static final List<String> STRINGS =
      List.of("event_id", "user_id", "session_id", "product_id", "category", "action");
  private static final List<String> REQUIRED =
      List.of(
          "event_id",
          "user_id",
          "session_id",
          "product_id",
          "category",
          "action",
          "price",
          "quantity",
          "timestamp");
  private static final BigDecimal BILLION = new BigDecimal("1000000000");

  private final Map<?, ?> event;
  private final long latestTimestamp;

  private TestingReferenceParser(Map<?, ?> event, long latestTimestamp) {
    this.event = event;
    this.latestTimestamp = latestTimestamp;
  }

  /** The verdict on one record. */
  public static TestingVerdict parse(byte[] value, long latestTimestamp) {
    if (value == null) {
      return refused(Reason.EMPTY_RECORD);
    }
    TestingJsonTree tree;
    try {
      tree = TestingJsonTree.read(value);
    } catch (IOException e) {
      return refused(Reason.NOT_JSON);
    }
    if (tree.depth() > 64) {
      return refused(Reason.TOO_DEEP);
    }
    if (!(tree.root() instanceof Map<?, ?> object)) {
      return refused(Reason.NOT_OBJECT);
    }
    return new TestingReferenceParser(object, latestTimestamp).judge();
  }

  private TestingVerdict judge() {
    List<String> all = new ArrayList<>(REQUIRED);
    all.add("metadata");
    TestingVerdict refusal = null;
    refusal = first(refusal, Reason.MISSING_FIELD, REQUIRED, name -> !event.containsKey(name));
    refusal = first(refusal, Reason.WRONG_TYPE, all, this::isWrongType);
    refusal = first(refusal, Reason.EMPTY, STRINGS, name -> event.get(name).equals(""));
    refusal = first(refusal, Reason.TOO_LONG, STRINGS, name -> utf8Length(name) > 256);
    refusal = first(refusal, Reason.OUT_OF_RANGE, REQUIRED, this::isOutOfRange);
    refusal = first(refusal, Reason.TIMESTAMP_IN_FUTURE, List.of("timestamp"), this::isInFuture);
    return refusal != null ? refusal : values();
  }

  private static TestingVerdict first(
      TestingVerdict earlier, Reason reason, List<String> names, Predicate<String> applies) {
    if (earlier != null) {
      return earlier;
    }
    return names.stream()
        .filter(applies)
        .findFirst()
        .map(name -> refused(reason, name))
        .orElse(null);
  }

  private boolean isWrongType(String name) {
    Object value = event.get(name);
    return switch (name) {
      case "metadata" -> event.containsKey(name) && !(value instanceof Map);
      case "price" -> !(value instanceof Num);
      case "quantity", "timestamp" -> !(value instanceof Num n && n.text().matches("-?[0-9]+"));
      default -> !(value instanceof String);
    };
  }

  private int utf8Length(String name) {
    return ((String) event.get(name)).getBytes(StandardCharsets.UTF_8).length;
  }

  private boolean isOutOfRange(String name) {
    return switch (name) {
      case "price" -> price().signum() < 0;
      case "quantity" ->
          !isWithin(integer(name), 1, 1_000_000)
              || price().multiply(new BigDecimal(integer(name))).compareTo(BILLION) > 0;
      case "timestamp" -> !isWithin(integer(name), 1, 253402300800000L - 1);
      default -> false;
    };
  }

  private static boolean isWithin(BigInteger value, long lowest, long highest) {
    return value.compareTo(BigInteger.valueOf(lowest)) >= 0
        && value.compareTo(BigInteger.valueOf(highest)) <= 0;
  }

  private boolean isInFuture(String name) {
    return integer(name).compareTo(BigInteger.valueOf(latestTimestamp)) > 0;
  }

  private BigInteger integer(String name) {
    return new BigInteger(((Num) event.get(name)).text());
  }

  /** The rounded price; of one that is absurdly large only the sign and that it is large. */
  private BigDecimal price() {
    String text = ((Num) event.get("price")).text();
    String[] parts = text.split("[eE]");
    BigDecimal mantissa = new BigDecimal(parts[0]);
    BigInteger exponent = parts.length == 1 ? BigInteger.ZERO : new BigInteger(parts[1]);
    BigInteger magnitude =
        exponent.add(BigInteger.valueOf((long) mantissa.precision() - mantissa.scale()));
    if (mantissa.signum() == 0 || magnitude.compareTo(BigInteger.valueOf(-30)) < 0) {
      return BigDecimal.ZERO;
    }
    if (magnitude.compareTo(BigInteger.valueOf(30)) > 0) {
      return BigDecimal.TEN.pow(30).multiply(BigDecimal.valueOf(mantissa.signum()));
    }
    return mantissa.scaleByPowerOfTen(exponent.intValueExact()).setScale(6, RoundingMode.HALF_EVEN);
  }

  private TestingVerdict values() {
    List<String> strings = new ArrayList<>();
    STRINGS.forEach(name -> strings.add((String) event.get(name)));
    boolean hasIp =
        event.get("metadata") instanceof Map<?, ?> metadata
            && metadata.get("ip_address") instanceof String;
    strings.add(hasIp ? (String) ((Map<?, ?>) event.get("metadata")).get("ip_address") : null);
    return new TestingVerdict(
        null,
        null,
        strings,
        price().movePointRight(6).longValueExact(),
        integer("quantity").longValueExact(),
        integer("timestamp").longValueExact());
  }
}
