package io.flinkblocks.flags;

import io.flinkblocks.config.UserError;
import io.flinkblocks.flags.FlagTable.Flag;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a flag's text is read and shown, exactly as the Python programs do it. A value is in the form
 * that {@code Settings} has: durations in ms, decimals without zeros at the end.
 */
final class FlagValue {
  private static final long LONGEST_MS = 36_500L * 86_400_000L;
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,19}");
  private static final Pattern DECIMAL =
      Pattern.compile("-?(?:[0-9]{1,18}|[0-9]{0,18}\\.([0-9]{1,18}))");
  private static final Pattern DURATION =
      Pattern.compile("([0-9]{1,13}(?:\\.[0-9]{1,9})?) ?(ms|s|min|h|d)?");
  private static final Set<String> ON = Set.of("true", "yes", "on", "1");
  private static final Set<String> OFF = Set.of("false", "no", "off", "0");

  // The largest first.
  private static final Map<String, Long> UNITS = new LinkedHashMap<>();

  static {
    UNITS.put("d", 86_400_000L);
    UNITS.put("h", 3_600_000L);
    UNITS.put("min", 60_000L);
    UNITS.put("s", 1_000L);
    UNITS.put("ms", 1L);
  }

  private FlagValue() {}

  /**
   * The value that a text stands for; null if it is the word for none.
   *
   * @throws IllegalArgumentException if it is not accepted
   */
  static String read(Flag flag, String text) {
    if (!flag.noneWord().isEmpty() && text.equals(flag.noneWord())) {
      return null;
    }
    return switch (flag.kind()) {
      case "integer" -> inRange(flag, new BigDecimal(matched(INTEGER, text).group()));
      case "decimal" -> decimal(flag, text);
      case "duration" -> inRange(flag, millis(flag, text));
      case "switch" -> onOrOff(text);
      case "choice" -> ensured(flag.options().contains(text), text);
      case "choices" -> choices(flag, text);
      // For Python, too, \n alone ends a line.
      case "text" -> matched(Pattern.compile(flag.pattern(), Pattern.UNIX_LINES), text).group();
      case "path" -> ensured(!text.isEmpty() && text.indexOf('\0') < 0, text);
      case "secret" -> text;
      default -> throw new IllegalStateException("unknown kind " + flag.kind());
    };
  }

  /** The value of a default, null for none; a template stays as it is. */
  static String readDefault(Flag flag, String text) {
    return text == null || text.contains("{") ? text : read(flag, text);
  }

  private static String decimal(Flag flag, String text) {
    String decimals = matched(DECIMAL, text).group(1);
    ensured(decimals == null || decimals.length() <= flag.decimals(), text);
    return inRange(flag, new BigDecimal(text));
  }

  private static BigDecimal millis(Flag flag, String text) {
    Matcher form = matched(DURATION, text);
    String unit = form.group(2) == null ? flag.unit() : form.group(2);
    BigDecimal ms =
        new BigDecimal(form.group(1))
            .multiply(BigDecimal.valueOf(UNITS.get(unit)))
            .stripTrailingZeros();
    ensured(ms.scale() <= 0 && ms.compareTo(BigDecimal.valueOf(LONGEST_MS)) <= 0, text);
    return ms;
  }

  private static String onOrOff(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    ensured(ON.contains(word) || OFF.contains(word), text);
    return Boolean.toString(ON.contains(word));
  }

  private static String choices(Flag flag, String text) {
    List<String> chosen =
        text.equals("all") ? flag.options() : Arrays.asList(text.split(",", Integer.MAX_VALUE));
    ensured(flag.options().containsAll(chosen), text);
    return flag.options().stream().filter(chosen::contains).collect(Collectors.joining(","));
  }

  private static String inRange(Flag flag, BigDecimal number) {
    boolean inside =
        number.compareTo(BigDecimal.valueOf(flag.low())) >= 0
            && number.compareTo(BigDecimal.valueOf(flag.high())) <= 0;
    return ensured(inside, number.stripTrailingZeros().toPlainString());
  }

  private static Matcher matched(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    ensured(matcher.matches(), text);
    return matcher;
  }

  private static String ensured(boolean good, String value) {
    if (!good) {
      throw new IllegalArgumentException("not accepted");
    }
    return value;
  }

  /** A value in the flag's own notation, so that {@link #read} gives it back. */
  static String show(Flag flag, String value) {
    if (value == null) {
      return flag.noneWord().isEmpty() ? "none" : flag.noneWord();
    }
    if (!flag.is("duration")) {
      return value;
    }
    long ms = Long.parseLong(value);
    if (ms == 0) {
      return "0s";
    }
    Map.Entry<String, Long> unit =
        UNITS.entrySet().stream().filter(u -> ms % u.getValue() == 0).findFirst().orElseThrow();
    return ms / unit.getValue() + unit.getKey();
  }

  /** The error that names a flag, its value and what is accepted. */
  static UserError refused(String subject, Flag flag, String text) {
    String value = flag.hushed() ? "its value (not shown: it may hold a secret)" : quoted(text);
    return new UserError(
        subject + ": " + value + " is not accepted", "accepted: " + flag.accepts());
  }

  /** A value between quotes, cut after 100 characters; see {@link #quoted(String, int)}. */
  static String quoted(String text) {
    return quoted(text, 100);
  }

  /**
   * A value between quotes, on one line and without characters that a terminal acts on; JSON and
   * YAML read it back.
   */
  static String quoted(String text, int longest) {
    int[] points = text.codePoints().toArray();
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < Math.min(points.length, longest); i++) {
      appendEscaped(out, points[i]);
    }
    return out.append(points.length > longest ? "...\"" : "\"").toString();
  }

  private static void appendEscaped(StringBuilder out, int point) {
    switch (point) {
      case '"', '\\' -> out.append('\\').append((char) point);
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      default -> {
        if (shownAsCode(point)) {
          out.append(String.format("\\u%04x", point));
        } else {
          out.appendCodePoint(point);
        }
      }
    }
  }

  /** Controls, separators of lines, changes of writing direction, halves of a character. */
  private static boolean shownAsCode(int point) {
    return point < 0x20
        || (point >= 0x7f && point <= 0x9f)
        || (point >= 0x2028 && point <= 0x202e)
        || (point >= 0x2066 && point <= 0x2069)
        || point == 0xfeff
        || (point >= 0xd800 && point <= 0xdfff);
  }
}
