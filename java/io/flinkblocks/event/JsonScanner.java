package io.flinkblocks.event;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Walks over the bytes of one JSON text and checks every one of them against RFC 8259.
 *
 * <p>The caller drives it from token to token; what the caller has no use for is skipped, and
 * checked just as well. It builds nothing: the last string or number is told as a range of bytes.
 * It is iterative, so nesting costs one bit a level and no stack. Reusable, for one thread.
 */
public final class JsonScanner {
  /** Stands for the end of the text: no token and no part of one. */
  private static final byte END = 0;

  private byte[] data;
  private int at;
  private int deepest;
  private int start;
  private int end;
  private boolean escaped;
  private boolean integer;
  // Of the containers that skipContainer has open: whether each is an object.
  private final BitSet objects = new BitSet();

  /** Starts on another text. */
  public void reset(byte[] text) {
    data = text;
    at = 0;
    deepest = 0;
  }

  /** The deepest nesting that was seen; an object or array at the top has depth 1. */
  public int deepest() {
    return deepest;
  }

  /** Where the inside of the last string, or the last number, starts. */
  public int start() {
    return start;
  }

  /** The position behind the inside of the last string, or behind the last number. */
  public int end() {
    return end;
  }

  /** Whether the last string has escapes. */
  public boolean escaped() {
    return escaped;
  }

  /** Whether the last number has neither fraction nor exponent. */
  public boolean integer() {
    return integer;
  }

  /** Moves over white space to the next token, and tells its first byte without taking it. */
  public byte token() {
    byte next = peek();
    while (next <= ' ' && (next == ' ' || next == '\n' || next == '\r' || next == '\t')) {
      at++;
      next = peek();
    }
    return next;
  }

  /** Requires that only white space follows. */
  public void finish() throws NotJson {
    token();
    if (at != data.length) {
      throw NotJson.INSTANCE;
    }
  }

  /** Where the scanner stands. */
  public int position() {
    return at;
  }

  /** Moves over these bytes if they stand here. */
  public boolean skip(byte[] expected) {
    int to = at + expected.length;
    if (to > data.length || !Arrays.equals(data, at, to, expected, 0, expected.length)) {
      return false;
    }
    at = to;
    return true;
  }

  /** Notes that an object of this depth starts here. */
  public void enter(int depth) {
    deepest = Math.max(deepest, depth);
  }

  /** As {@link #nextName}, at the start of an object. */
  public boolean openObject() throws NotJson {
    at++;
    if (token() == '}') {
      at++;
      return false;
    }
    name();
    return true;
  }

  /** After a value: takes the next name of the object, or its end. */
  public boolean nextName() throws NotJson {
    byte next = token();
    at++;
    if (next == ',') {
      name();
      return true;
    }
    if (next != '}') {
      throw NotJson.INSTANCE;
    }
    return false;
  }

  private void name() throws NotJson {
    if (token() != '"') {
      throw NotJson.INSTANCE;
    }
    string();
    if (token() != ':') {
      throw NotJson.INSTANCE;
    }
    at++;
  }

  /** Takes the string that starts here with its quote. */
  public void string() throws NotJson {
    int i = at + 1;
    start = i;
    escaped = false;
    while (true) {
      i = JsonStrings.skipPlain(data, i);
      if (i >= data.length) {
        throw NotJson.INSTANCE;
      }
      byte special = data[i];
      if (special == '"') {
        end = i;
        at = i + 1;
        return;
      }
      if (special == '\\') {
        escaped = true;
        i = JsonStrings.skipEscape(data, i);
      } else {
        int length = special < 0 ? Utf8.sequence(data, i) : 0;
        if (length == 0) {
          throw NotJson.INSTANCE;
        }
        i += length;
      }
    }
  }

  /** Whether a number starts with this byte. */
  public static boolean startsNumber(byte first) {
    return first == '-' || isDigit(first);
  }

  /** Takes the number that starts here. */
  public void number() throws NotJson {
    start = at;
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits();
    }
    integer = true;
    if (peek() == '.') {
      integer = false;
      at++;
      digits();
    }
    if ((peek() | 0x20) == 'e') {
      integer = false;
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
    end = at;
  }

  private void digits() throws NotJson {
    byte[] text = data;
    int i = at;
    while (i < text.length && isDigit(text[i])) {
      i++;
    }
    if (i == at) {
      throw NotJson.INSTANCE;
    }
    at = i;
  }

  /**
   * Takes any value.
   *
   * @param depth of the object or array that the value stands in; 0 at the top
   */
  public void skipValue(int depth) throws NotJson {
    byte first = token();
    if (first == '{' || first == '[') {
      skipContainer(depth);
    } else {
      skipScalar(first);
    }
  }

  private void skipScalar(byte first) throws NotJson {
    switch (first) {
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> number();
    }
  }

  private void literal(String word) throws NotJson {
    for (int i = 0; i < word.length(); i++) {
      if (peek() != word.charAt(i)) {
        throw NotJson.INSTANCE;
      }
      at++;
    }
  }

  private void skipContainer(int depth) throws NotJson {
    int open = 0;
    do {
      byte first = token();
      if (first == '{' || first == '[') {
        boolean object = first == '{';
        objects.set(open, object);
        open++;
        deepest = Math.max(deepest, depth + open);
        at++;
        if (token() != closing(object)) {
          if (object) {
            name();
          }
          continue;
        }
        at++;
        open--;
      } else {
        skipScalar(first);
      }
      open = afterValue(open);
    } while (open > 0);
  }

  /** Closes what ends behind a value, up to a comma; returns how many containers stay open. */
  private int afterValue(int open) throws NotJson {
    while (open > 0) {
      boolean object = objects.get(open - 1);
      byte next = token();
      at++;
      if (next == ',') {
        if (object) {
          name();
        }
        return open;
      }
      if (next != closing(object)) {
        throw NotJson.INSTANCE;
      }
      open--;
    }
    return open;
  }

  private static byte closing(boolean object) {
    return (byte) (object ? '}' : ']');
  }

  private static boolean isDigit(byte b) {
    return '0' <= b && b <= '9';
  }

  private byte peek() {
    return at < data.length ? data[at] : END;
  }
}
