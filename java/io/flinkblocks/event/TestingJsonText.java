package io.flinkblocks.event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random JSON: the same things written in every way that the grammar allows. */
public final class TestingJsonText {
  private static final String[] SPACE = {"", "", "", "", " ", "  ", "\n", "\t", "\r\n", " \t\r\n "};
  private static final String SHORT_ESCAPES = "\b\f\n\r\t";
  private static final String SHORT_LETTERS = "bfnrt";

  private final Random random;

  /** Texts of a source of chance. */
  public TestingJsonText(Random random) {
    this.random = random;
  }

  /** One of them. */
  public String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** White space, most often none. */
  public String space() {
    return pick(SPACE);
  }

  /** A member of an object. */
  public String member(String name, String value) {
    return space() + string(name) + space() + ":" + space() + value + space();
  }

  /** An object of members. */
  public String object(List<String> members) {
    return "{" + (members.isEmpty() ? space() : String.join(",", members)) + "}";
  }

  /** The text as a JSON string, each character by chance in one of its forms. */
  public String string(String text) {
    boolean plain = random.nextInt(3) > 0;
    StringBuilder out = new StringBuilder("\"");
    text.codePoints().forEach(c -> out.append(character(c, plain)));
    return out.append('"').toString();
  }

  private String character(int c, boolean plain) {
    int shortEscape = SHORT_ESCAPES.indexOf(c);
    boolean must = c < ' ' || c == '"' || c == '\\';
    if (!must && (plain || random.nextInt(4) > 0)) {
      return Character.toString(c);
    }
    if (shortEscape >= 0 && random.nextBoolean()) {
      return "\\" + SHORT_LETTERS.charAt(shortEscape);
    }
    if ((c == '"' || c == '\\' || c == '/') && random.nextBoolean()) {
      return "\\" + (char) c;
    }
    StringBuilder out = new StringBuilder();
    for (char unit : Character.toChars(c)) {
      out.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) unit));
    }
    return out.toString();
  }

  /** A text of so many characters. */
  public String text(int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.appendCodePoint(codePoint());
    }
    return out.toString();
  }

  /** A text of so many bytes of UTF-8. */
  String textOfBytes(int bytes) {
    StringBuilder out = new StringBuilder();
    int left = bytes;
    while (left > 0) {
      String next = left < 4 ? "x" : Character.toString(codePoint());
      out.append(next);
      left -= next.getBytes(StandardCharsets.UTF_8).length;
    }
    return out.toString();
  }

  private int codePoint() {
    return switch (random.nextInt(12)) {
      case 0 -> random.nextInt(0x20);
      case 1 -> pick("\"", "\\", "/", "\u007f", "\u0080", "\u07ff", "\u0800").codePointAt(0);
      case 2 -> pick("\ud7ff", "\ue000", "\uffff", "\ufeff", "\u2028").codePointAt(0);
      case 3 -> 0x10000 + random.nextInt(0x100000);
      case 4 -> 0x80 + random.nextInt(0xd000);
      default -> ' ' + random.nextInt(0x5f);
    };
  }

  /** Any value, nested by about so many levels. */
  public String value(int levels) {
    int kind = random.nextInt(levels > 0 ? 9 : 6);
    return switch (kind) {
      case 0 -> pick("true", "false", "null");
      case 1, 2 -> string(text(random.nextInt(10)));
      case 3, 4, 5 -> anyNumber();
      case 6 -> nested(random.nextInt(70));
      case 7 -> {
        List<String> members = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          members.add(member(pick("a", "price", "ip_address", ""), value(levels - 1)));
        }
        yield object(members);
      }
      default -> {
        List<String> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          values.add(space() + value(levels - 1) + space());
        }
        yield "[" + (values.isEmpty() ? space() : String.join(",", values)) + "]";
      }
    };
  }

  /** So many containers around a value, or around nothing. */
  public String nested(int depth) {
    String inner = depth > 0 && random.nextBoolean() ? "" : "1";
    for (int i = 0; i < depth; i++) {
      boolean array = random.nextBoolean();
      if (array) {
        inner = "[" + inner + "]";
      } else {
        inner = "{" + (inner.isEmpty() ? "" : "\"n\":" + inner) + "}";
      }
    }
    return inner.isEmpty() ? "[]" : inner;
  }

  /** A number from 0 to some thousands. */
  public String smallDecimal() {
    return random.nextInt(10_000)
        + (random.nextBoolean() ? "" : "." + digits(1 + random.nextInt(18)));
  }

  /** A number in any form of the grammar, up to absurd ones. */
  public String anyNumber() {
    String whole =
        random.nextInt(3) == 0 ? "0" : 1 + random.nextInt(9) + digits(random.nextInt(18));
    String fraction = random.nextBoolean() ? "" : "." + digits(1 + random.nextInt(20));
    String exponent =
        random.nextInt(3) > 0
            ? ""
            : pick("e", "E")
                + pick("", "+", "-")
                + digits(1 + random.nextInt(random.nextInt(4) == 0 ? 12 : 2));
    return pick("", "", "-") + whole + fraction + exponent;
  }

  private String digits(int count) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < count; i++) {
      // Many fives, zeros and nines: that is where rounding decides.
      out.append(
          random.nextInt(2) == 0
              ? pick("0", "0", "5", "9")
              : pick("1", "2", "3", "4", "6", "7", "8"));
    }
    return out.toString();
  }
}
