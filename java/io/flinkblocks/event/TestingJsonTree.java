package io.flinkblocks.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON text as a tree: Map, List, String, {@link Num}, Boolean, {@link #NULL}; of a duplicate
 * name the last value stays. Jackson reads, with its limits off; numbers stay text, because no Java
 * number holds what JSON may say.
 *
 * @param root the value at the top
 * @param depth how many objects and arrays are open at most
 */
public record TestingJsonTree(Object root, int depth) {
  /** The null of JSON. */
  public static final Object NULL = new Object();

  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** A number as it was written. */
  public record Num(String text) {}

  /** Reads a text; throws IOException when it is not one valid JSON value in UTF-8. */
  public static TestingJsonTree read(byte[] bytes) throws IOException {
    String text =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(bytes))
            .toString();
    // Jackson takes a backslash, u004 and U+4F44 for an escape: the low byte of the last is a D.
    // With a tilde for every character outside ASCII it has no choice but to refuse that.
    read(text.replaceAll("[^\\x00-\\x7f]", "~"));
    return read(text);
  }

  private static TestingJsonTree read(String text) throws IOException {
    try (JsonParser parser = JACKSON.createParser(text)) {
      return read(parser);
    }
  }

  private static TestingJsonTree read(JsonParser parser) throws IOException {
    List<Object> top = new ArrayList<>();
    Deque<Object> open = new ArrayDeque<>(List.of(top));
    Deque<String> names = new ArrayDeque<>();
    int depth = 0;
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      switch (token) {
        case FIELD_NAME -> names.push(wellFormed(parser.currentName()));
        case START_OBJECT -> open.push(add(new LinkedHashMap<String, Object>(), open, names));
        case START_ARRAY -> open.push(add(new ArrayList<>(), open, names));
        case END_OBJECT, END_ARRAY -> open.pop();
        case VALUE_STRING -> add(wellFormed(parser.getText()), open, names);
        case VALUE_TRUE, VALUE_FALSE -> add(parser.getBooleanValue(), open, names);
        case VALUE_NULL -> add(NULL, open, names);
        default -> add(new Num(parser.getText()), open, names);
      }
      depth = Math.max(depth, open.size() - 1);
    }
    if (top.size() != 1) {
      throw new IOException(top.size() + " values");
    }
    return new TestingJsonTree(top.get(0), depth);
  }

  @SuppressWarnings("unchecked") // Only what read() has made is open.
  private static Object add(Object value, Deque<Object> open, Deque<String> names) {
    if (open.peek() instanceof Map<?, ?> object) {
      ((Map<String, Object>) object).put(names.pop(), value);
    } else {
      ((List<Object>) open.peek()).add(value);
    }
    return value;
  }

  private static String wellFormed(String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      boolean pair =
          Character.isHighSurrogate(text.charAt(i))
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (Character.isSurrogate(text.charAt(i))) {
        throw new IOException("lone surrogate");
      }
    }
    return text;
  }
}
