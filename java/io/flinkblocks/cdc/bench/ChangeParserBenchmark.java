package io.flinkblocks.cdc.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.ChangeParser;
import io.flinkblocks.cdc.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * How long an envelope takes, as Debezium writes them of the shop's three tables in turn, without
 * schemas and with decimals as text: {@link ChangeParser} beside Jackson's tree, of which the same
 * few values are taken.
 *
 * <p>One thread, 9,000 different records, both warmed up, then rounds of both in turn; prints the
 * median and the fastest round, nanoseconds of wall time per record. Jackson's side does less: it
 * reads neither the key nor makes canonical rows.
 */
public final class ChangeParserBenchmark {
  private static final int RECORDS = 9_000;
  private static final int WARM_UP_ROUNDS = 40;
  private static final int ROUNDS = 51;
  private static final ObjectMapper JACKSON = new ObjectMapper();

  private final byte[][] keys = new byte[RECORDS][];
  private final byte[][] values = new byte[RECORDS][];
  private final ChangeParser parser = new ChangeParser();

  private ChangeParserBenchmark() {
    Random random = new Random(1);
    for (int i = 0; i < RECORDS; i++) {
      int id = random.nextInt(10_000);
      keys[i] = bytes("{'id':" + id + "}");
      values[i] =
          switch (i % 3) {
            case 0 -> envelope(i, "orders", order(id, "placed"), order(id, "paid"));
            case 1 -> envelope(i, "users", user(id, "bronze"), user(id, "silver"));
            default -> envelope(i, "products", product(id, 17), product(id, 16));
          };
    }
  }

  public static void main(String[] args) throws IOException {
    new ChangeParserBenchmark().run();
  }

  private void run() throws IOException {
    if (parse() != read()) {
      throw new IllegalStateException("the two read different values");
    }
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      parse();
      read();
    }
    long[] parsed = new long[ROUNDS];
    long[] read = new long[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      parse();
      long middle = System.nanoTime();
      read();
      parsed[round] = middle - start;
      read[round] = System.nanoTime() - middle;
    }
    int size = Arrays.stream(values).mapToInt(value -> value.length).sum() / RECORDS;
    System.out.printf("ns per record of %d bytes    parser          Jackson's tree%n", size);
    System.out.printf("                             median (best)   median (best)%n");
    System.out.printf("%-28s %s   %s%n", "before and after", perRecord(parsed), perRecord(read));
  }

  private static String perRecord(long[] rounds) {
    Arrays.sort(rounds);
    return String.format("%5d (%5d)", rounds[ROUNDS / 2] / RECORDS, rounds[0] / RECORDS);
  }

  private long parse() {
    long sum = 0;
    for (int i = 0; i < RECORDS; i++) {
      Change change = (Change) parser.parse(keys[i], values[i], null);
      Row after = change.after();
      sum += change.lsn() + change.time() + after.integer("id") + after.integer("user_id");
    }
    return sum;
  }

  private long read() throws IOException {
    long sum = 0;
    for (byte[] value : values) {
      JsonNode envelope = JACKSON.readTree(value);
      JsonNode source = envelope.get("source");
      JsonNode after = envelope.get("after");
      sum += source.get("lsn").longValue() + source.get("ts_ms").longValue();
      sum += after.get("id").longValue() + after.path("user_id").longValue();
    }
    return sum;
  }

  private static byte[] envelope(int number, String table, String before, String after) {
    long lsn = 24_000_000L + 56L * number;
    long time = 1_767_000_000_000L + 37L * number;
    return bytes(
        String.format(
            "{'before':%s,'after':%s,'source':{'version':'3.7.0.Final','connector':'postgresql',"
                + "'name':'cdc','ts_ms':%d,'snapshot':'false','db':'shop',"
                + "'sequence':'[\\'%d\\',\\'%d\\']','ts_us':%d,'ts_ns':%d,'schema':'public',"
                + "'table':'%s','txId':%d,'lsn':%d,'xmin':null,'origin':null,'origin_lsn':null},"
                + "'transaction':{'id':'%d:%d','total_order':1,'data_collection_order':1},"
                + "'op':'u','ts_ms':%d,'ts_us':%d,'ts_ns':%d}",
            before,
            after,
            time,
            lsn - 96,
            lsn,
            time * 1_000,
            time * 1_000_000,
            table,
            700 + number,
            lsn,
            700 + number,
            lsn,
            time + 83,
            (time + 83) * 1_000,
            (time + 83) * 1_000_000));
  }

  private static String user(int id, String tier) {
    return String.format(
        "{'id':%d,'email':'user%05d@example.com','name':'User %d','tier':'%s','status':'active',"
            + "'created_at':'2026-01-01T09:00:00.123456Z','updated_at':'2026-02-03T04:05:06.789Z'}",
        id, id, id, tier);
  }

  private static String product(int id, int stock) {
    return String.format(
        "{'id':%d,'sku':'SKU-%05d','name':'Product %d','category':'books','price':'%d.99',"
            + "'stock':%d,'reorder_level':5,'updated_at':'2026-02-03T04:05:06.789123Z'}",
        id, id, id, id % 100, stock);
  }

  private static String order(int id, String status) {
    return String.format(
        "{'id':%d,'user_id':%d,'product_id':%d,'quantity':2,'amount':'%d.50','status':'%s',"
            + "'created_at':'2026-02-03T04:05:06.789123Z',"
            + "'updated_at':'2026-02-03T04:05:07.123456Z'}",
        id, id % 997, id % 89, id % 500, status);
  }

  private static byte[] bytes(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
