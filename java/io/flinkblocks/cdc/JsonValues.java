package io.flinkblocks.cdc;

import io.flinkblocks.event.JsonStrings;
import io.flinkblocks.event.NotJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Values of JSON that has been checked before. */
final class JsonValues {
  /** The position behind the value that starts here, in an object or array without white space. */
  static int end(byte[] json, int start) {
    byte first = json[start];
    if (first == '"') {
      return stringEnd(json, start);
    }
    if (first == '{' || first == '[') {
      return containerEnd(json, start);
    }
    int at = start;
    while (at < json.length && json[at] != ',' && json[at] != '}' && json[at] != ']') {
      at++;
    }
    return at;
  }

  /** The elements of an array without white space. */
  static List<byte[]> elements(byte[] array) {
    List<byte[]> elements = new ArrayList<>();
    int at = 1;
    while (array[at] != ']') {
      int end = end(array, at);
      elements.add(Arrays.copyOfRange(array, at, end));
      at = array[end] == ',' ? end + 1 : end;
    }
    return elements;
  }

  /** The text of a string, its quotes included in the slice. */
  static String text(byte[] json, int start, int end) {
    int plainEnd = start + 1;
    while (json[plainEnd] != '\\' && plainEnd < end - 1) {
      plainEnd++;
    }
    if (plainEnd == end - 1) {
      return new String(json, start + 1, end - start - 2, StandardCharsets.UTF_8);
    }
    try {
      byte[] utf8 = new byte[end - start];
      int length = JsonStrings.decode(json, start + 1, end - 1, utf8, 0);
      return new String(utf8, 0, length, StandardCharsets.UTF_8);
    } catch (NotJson e) {
      throw new IllegalArgumentException("a string that has not been checked", e);
    }
  }

  /** An object in the canonical form. */
  static Row object(byte[] json, int start, int end) {
    return RowWriter.plain(Arrays.copyOfRange(json, start, end));
  }

  /** An object or array without its white space; null when it has none. */
  static byte[] compact(byte[] json, int start, int end) {
    byte[] out = null;
    int size = 0;
    int from = start;
    int at = start;
    while (at < end) {
      byte next = json[at];
      if (next == '"') {
        at = stringEnd(json, at);
      } else if (next > ' ') {
        at++;
      } else {
        if (out == null) {
          out = new byte[end - start];
        }
        System.arraycopy(json, from, out, size, at - from);
        size += at - from;
        at++;
        from = at;
      }
    }
    if (out == null) {
      return null;
    }
    System.arraycopy(json, from, out, size, end - from);
    return Arrays.copyOf(out, size + end - from);
  }

  private static int stringEnd(byte[] json, int start) {
    int at = JsonStrings.skipPlain(json, start + 1);
    while (at < json.length && json[at] != '"') {
      // What follows a backslash is no end, and neither is a byte outside ASCII.
      at = JsonStrings.skipPlain(json, json[at] == '\\' ? at + 2 : at + 1);
    }
    return at + 1;
  }

  private static int containerEnd(byte[] json, int start) {
    int open = 0;
    int at = start;
    do {
      switch (json[at]) {
        case '"' -> at = stringEnd(json, at) - 1;
        case '{', '[' -> open++;
        case '}', ']' -> open--;
        default -> {}
      }
      at++;
    } while (open > 0 && at < json.length);
    return at;
  }

  private JsonValues() {}
}
