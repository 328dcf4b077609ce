package io.flinkblocks.output;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds one JSON object as UTF-8 bytes, fields in the order of the calls, without white space.
 *
 * <p>Escaped is only what must be: quote, backslash and control characters ({@code \b \f \n \r \t},
 * the others as {@code \}{@code u00xx} in lower case), so the same values make the same bytes as
 * Python's {@code json.dumps(..., ensure_ascii=False, separators=(",", ":"))}. Reusable after
 * {@link #end}; for one thread.
 */
public final class JsonWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final String SHORT_ESCAPES = "\b\t\n\f\r\"\\";
  private static final String SHORT_LETTERS = "btnfr\"\\";

  // What comes behind the backslash for an ASCII character; 0: stands for itself, 'u': hex.
  private static final byte[] ESCAPES = new byte[128];

  static {
    Arrays.fill(ESCAPES, 0, ' ', (byte) 'u');
    for (int i = 0; i < SHORT_ESCAPES.length(); i++) {
      ESCAPES[SHORT_ESCAPES.charAt(i)] = (byte) SHORT_LETTERS.charAt(i);
    }
  }

  private byte[] buffer = new byte[256];
  private int size;

  /** Starts an object and forgets what was there. */
  public JsonWriter begin() {
    size = 0;
    append('{');
    return this;
  }

  /** Ends the object. */
  public byte[] end() {
    append('}');
    return Arrays.copyOf(buffer, size);
  }

  /** A text without lone surrogates, or null. */
  public JsonWriter field(String name, String value) {
    return field(name, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  /** A text as UTF-8, or null. */
  public JsonWriter field(String name, byte[] utf8) {
    return utf8 == null ? nullField(name) : field(name, utf8, 0, utf8.length);
  }

  /** A text as a slice of UTF-8 bytes. */
  public JsonWriter field(String name, byte[] utf8, int start, int length) {
    name(name);
    string(utf8, start, length);
    return this;
  }

  /** A whole number. */
  public JsonWriter field(String name, long value) {
    name(name);
    ascii(Long.toString(value));
    return this;
  }

  /** A whole number under a name that is data, as UTF-8. */
  public JsonWriter field(byte[] utf8Name, long value) {
    name(utf8Name);
    ascii(Long.toString(value));
    return this;
  }

  /** A truth value. */
  public JsonWriter field(String name, boolean value) {
    name(name);
    ascii(Boolean.toString(value));
    return this;
  }

  /** An amount of money, given in millionths. */
  public JsonWriter amount(String name, long micros) {
    name(name);
    ascii(Amount.text(micros));
    return this;
  }

  /** An amount of money. */
  public JsonWriter amount(String name, Amount amount) {
    name(name);
    ascii(amount.toString());
    return this;
  }

  /** A null. */
  public JsonWriter nullField(String name) {
    name(name);
    ascii("null");
    return this;
  }

  /** A value that is valid JSON already; white space outside its strings is left out. */
  public JsonWriter json(String name, byte[] json) {
    name(name);
    compact(json);
    return this;
  }

  /** An array of texts as UTF-8. */
  public JsonWriter array(String name, byte[]... utf8) {
    name(name);
    append('[');
    for (int i = 0; i < utf8.length; i++) {
      if (i > 0) {
        append(',');
      }
      string(utf8[i], 0, utf8[i].length);
    }
    append(']');
    return this;
  }

  /** Starts an object as a field; the fields that follow are its own. */
  public JsonWriter open(String name) {
    name(name);
    append('{');
    return this;
  }

  /** Ends the object that {@link #open} started. */
  public JsonWriter close() {
    append('}');
    return this;
  }

  private void name(String name) {
    name(name.getBytes(StandardCharsets.UTF_8));
  }

  private void name(byte[] utf8) {
    // A value never ends with an opening brace: there it is the object's own.
    if (buffer[size - 1] != '{') {
      append(',');
    }
    string(utf8, 0, utf8.length);
    append(':');
  }

  private void string(byte[] utf8, int start, int length) {
    append('"');
    int end = start + length;
    int from = start;
    for (int i = start; i < end; i++) {
      byte c = utf8[i];
      if (c >= 0 && ESCAPES[c] != 0) {
        append(utf8, from, i);
        escape(c);
        from = i + 1;
      }
    }
    append(utf8, from, end);
    append('"');
  }

  private void escape(byte c) {
    append('\\');
    append(ESCAPES[c]);
    if (ESCAPES[c] == 'u') {
      ascii("00");
      append(HEX[c >> 4]);
      append(HEX[c & 0xf]);
    }
  }

  private void compact(byte[] json) {
    boolean inString = false;
    int from = 0;
    for (int i = 0; i < json.length; i++) {
      byte c = json[i];
      if (inString) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          inString = false;
        }
      } else if (c == '"') {
        inString = true;
      } else if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
        append(json, from, i);
        from = i + 1;
      }
    }
    append(json, from, json.length);
  }

  private void ascii(String text) {
    int length = text.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      buffer[size++] = (byte) text.charAt(i);
    }
  }

  private void append(byte[] bytes, int from, int to) {
    reserve(to - from);
    System.arraycopy(bytes, from, buffer, size, to - from);
    size += to - from;
  }

  private void append(int c) {
    reserve(1);
    buffer[size++] = (byte) c;
  }

  private void reserve(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(size, more), 2 * buffer.length));
    }
  }
}
