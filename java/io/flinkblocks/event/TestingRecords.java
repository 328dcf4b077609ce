package io.flinkblocks.event;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Random records of a seed: events in every formatting that JSON allows, some of them with fields
 * that are missing, doubled or wrong, some with damaged bytes.
 */
public final class TestingRecords {
  /** No generated timestamp of a sound event is beyond it. */
  public static final long LATEST_TIMESTAMP = 1_800_000_000_000L;

  private static final List<String> FIELDS =
      List.of(
          "event_id",
          "user_id",
          "session_id",
          "product_id",
          "category",
          "action",
          "price",
          "quantity",
          "timestamp",
          "metadata");
  private static final String[] DAMAGE = {
    "\"", "\\", "{", "}", "[", "]", ",", ":", "-", "+", ".", "e", "0", "9", "u", " ", "\n", "\0",
    "\u001f", "\u007f", "null", "true", "\\u", "\\ud800", "\\udc00", "\ufeff", "\u00e9", "1e9"
  };
  private static final int[] DAMAGED_BYTES = {
    0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff
  };

  private final Random random;
  private final TestingJsonText json;

  public TestingRecords(long seed) {
    random = new Random(seed);
    json = new TestingJsonText(random);
  }

  /** A record that is valid JSON, and most often a valid event. */
  public byte[] next() {
    List<String> members = new ArrayList<>();
    boolean sound = chance(60);
    for (String field : FIELDS) {
      if (field.equals("metadata") ? chance(70) : sound || chance(96)) {
        boolean good = sound || chance(88);
        members.add(json.member(field, good ? good(field) : bad(field)));
      }
    }
    if (chance(20)) {
      // In front or behind: only when it is last it counts.
      String field = FIELDS.get(random.nextInt(FIELDS.size()));
      members.add(0, json.member(field, chance(50) ? good(field) : bad(field)));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      members.add(json.member(json.text(random.nextInt(12)), json.value(random.nextInt(5))));
    }
    if (chance(50)) {
      Collections.shuffle(members, random);
    }
    return bytes(json.space() + json.object(members) + json.space());
  }

  /** A record with up to four injuries; hardly ever valid JSON. */
  public byte[] damaged(byte[] record) {
    byte[] bytes = record;
    for (int i = 1 + random.nextInt(4); i > 0 && bytes.length > 0; i--) {
      int from = random.nextInt(bytes.length);
      int to = Math.min(bytes.length, from + (chance(70) ? 1 : random.nextInt(20)));
      byte[] between =
          switch (random.nextInt(6)) {
            case 0 -> new byte[] {(byte) (bytes[from] ^ 1 << random.nextInt(8))};
            case 1 -> new byte[0];
            case 2 -> bytes(DAMAGE[random.nextInt(DAMAGE.length)]);
            case 3 -> new byte[] {(byte) DAMAGED_BYTES[random.nextInt(DAMAGED_BYTES.length)]};
            case 4 -> slice(bytes, random.nextInt(bytes.length), 1 + random.nextInt(30));
            default -> bytes(json.value(2));
          };
      bytes =
          join(
              slice(bytes, 0, from),
              between,
              slice(bytes, chance(50) ? from : to, Integer.MAX_VALUE));
    }
    return bytes;
  }

  private String good(String field) {
    return switch (field) {
      case "price" -> chance(50) ? json.pick("0", "12.5", "1e2", "99.99") : json.smallDecimal();
      case "quantity" -> Integer.toString(1 + random.nextInt(chance(80) ? 5 : 1_000_000));
      case "timestamp" -> Long.toString(LATEST_TIMESTAMP - random.nextInt(1_000_000_000));
      case "metadata" -> metadata();
      case "action" -> json.string(json.pick("view", "purchase", "add_to_cart", "wishlist"));
      default -> json.string(json.text(1 + random.nextInt(30)));
    };
  }

  private String bad(String field) {
    if (chance(30)) {
      return json.value(2);
    }
    return switch (field) {
      case "price" -> json.anyNumber();
      case "quantity" ->
          json.pick(
              "0", "-0", "-1", "1000000", "1000001", "5.0", "5e0", "\"5\"", "1" + "0".repeat(30));
      case "timestamp" ->
          json.pick(
              "0",
              "-0",
              "-5",
              "253402300799999",
              "253402300800000",
              "1800000000001",
              "1e12",
              "1.0",
              "9223372036854775807",
              "9223372036854775808",
              "18446744073709551617");
      case "metadata" -> json.pick("null", "[]", "\"{}\"", "1", "false");
      default -> json.string(chance(30) ? "" : json.textOfBytes(250 + random.nextInt(12)));
    };
  }

  private String metadata() {
    List<String> members = new ArrayList<>();
    members.add(json.member("source", json.string("web")));
    for (int i = random.nextInt(3); i > 0; i--) {
      String ip = json.string(chance(20) ? json.text(3) : "10.0.0." + random.nextInt(256));
      members.add(json.member("ip_address", chance(80) ? ip : json.value(2)));
    }
    if (chance(30)) {
      members.add(json.member("ip_address" + json.text(1), json.value(3)));
    }
    Collections.shuffle(members, random);
    return json.object(members);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] slice(byte[] bytes, int from, int length) {
    return Arrays.copyOfRange(bytes, from, (int) Math.min(bytes.length, (long) from + length));
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
