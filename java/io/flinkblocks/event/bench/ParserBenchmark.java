package io.flinkblocks.event.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * How long a record of 312 bytes takes: {@link EventParser} beside Jackson's streaming parser,
 * which takes the same fields out and reads to the end.
 *
 * <p>One thread, 10,000 different records, both warmed up, then rounds of both in turn; prints the
 * median and the fastest round, nanoseconds of wall time per record. Jackson's side does less: it
 * checks neither lengths nor ranges.
 */
public final class ParserBenchmark {
  private static final int RECORDS = 10_000;
  private static final int RECORD_BYTES = 312;
  private static final int WARM_UP_ROUNDS = 60;
  private static final int ROUNDS = 101;
  private static final JsonFactory JACKSON = new JsonFactory();

  private final byte[][] records;
  private final EventParser parser = new EventParser();

  private ParserBenchmark(byte[][] records) {
    this.records = records;
  }

  public static void main(String[] args) throws IOException {
    System.out.printf("ns per record of %d bytes    scanner         Jackson%n", RECORD_BYTES);
    System.out.printf("                             median (best)   median (best)%n");
    new ParserBenchmark(records("")).run("without white space");
    new ParserBenchmark(records(" ")).run("a space after , and :");
  }

  private void run(String label) throws IOException {
    if (scan() != read()) {
      throw new IllegalStateException("the two read different values");
    }
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      scan();
      read();
    }
    long[] scanned = new long[ROUNDS];
    long[] read = new long[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      scan();
      long middle = System.nanoTime();
      read();
      scanned[round] = middle - start;
      read[round] = System.nanoTime() - middle;
    }
    System.out.printf("%-28s %s   %s%n", label, perRecord(scanned), perRecord(read));
  }

  private static String perRecord(long[] rounds) {
    Arrays.sort(rounds);
    return String.format("%5d (%5d)", rounds[ROUNDS / 2] / RECORDS, rounds[0] / RECORDS);
  }

  private long scan() {
    long sum = 0;
    for (byte[] record : records) {
      Event event = (Event) parser.parse(record, Long.MAX_VALUE);
      sum +=
          event.priceMicros() * event.quantity() + event.timestamp() + event.length(Event.USER_ID);
    }
    return sum;
  }

  private long read() throws IOException {
    long sum = 0;
    for (byte[] record : records) {
      sum += read(record);
    }
    return sum;
  }

  private static long read(byte[] record) throws IOException {
    String[] strings = new String[Event.ACTION + 1];
    long price = 0;
    int quantity = 0;
    long timestamp = 0;
    try (JsonParser json = JACKSON.createParser(record)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "event_id" -> strings[Event.EVENT_ID] = json.getText();
          case "user_id" -> strings[Event.USER_ID] = json.getText();
          case "session_id" -> strings[Event.SESSION_ID] = json.getText();
          case "product_id" -> strings[Event.PRODUCT_ID] = json.getText();
          case "category" -> strings[Event.CATEGORY] = json.getText();
          case "action" -> strings[Event.ACTION] = json.getText();
          case "price" -> price = micros(json.getDecimalValue());
          case "quantity" -> quantity = json.getIntValue();
          case "timestamp" -> timestamp = json.getLongValue();
          default -> json.skipChildren();
        }
      }
      if (json.nextToken() != null) {
        throw new IOException("more than one value");
      }
    }
    return price * quantity + timestamp + strings[Event.USER_ID].length();
  }

  private static long micros(BigDecimal price) {
    return price.setScale(6, RoundingMode.HALF_EVEN).unscaledValue().longValueExact();
  }

  private static byte[][] records(String space) {
    Random random = new Random(1);
    byte[][] records = new byte[RECORDS][];
    for (int i = 0; i < RECORDS; i++) {
      records[i] = record(i, random, space);
    }
    return records;
  }

  private static byte[] record(int number, Random random, String space) {
    String[] actions = {"view", "view", "view", "add_to_cart", "purchase", "wishlist"};
    String text =
        String.format(
            "{'event_id':~'evt_%012d',~'user_id':~'user_%05d',~'session_id':~'sess_%08x',"
                + "~'product_id':~'prod_%04d',~'category':~'category_%d',~'action':~'%s',"
                + "~'price':~%d.%02d,~'quantity':~%d,~'timestamp':~%d,"
                + "~'metadata':~{'source':~'web',~'ip_address':~'10.%d.%d.7',~'user_agent':~'%%s'}}",
            number,
            random.nextInt(10_000),
            random.nextInt(),
            random.nextInt(2_000),
            random.nextInt(10),
            actions[random.nextInt(actions.length)],
            random.nextInt(500),
            random.nextInt(100),
            1 + random.nextInt(3),
            1_750_000_000_000L + number * 37L,
            random.nextInt(256),
            random.nextInt(256));
    text = text.replace('\'', '"').replace("~", space);
    String agent = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0";
    int room = RECORD_BYTES - text.length() + 2;
    return text.replace("%s", agent.substring(0, room)).getBytes(StandardCharsets.UTF_8);
  }
}
