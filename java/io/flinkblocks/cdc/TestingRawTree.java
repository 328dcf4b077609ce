package io.flinkblocks.cdc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.flinkblocks.event.TestingJsonTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of a JSON text with the text itself, as Jackson reads it.
 *
 * @param value a Map or List of nodes, a String, {@link Num}, a Boolean, or null; of a name that
 *     comes twice the last value, in the place of the first
 * @param raw the text of the value
 */
record TestingRawTree(Object value, String raw) {
  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** A number as it was written. */
  record Num(String text) {}

  /** Reads a text that {@link TestingJsonTree} has accepted, and that is not nested too deep. */
  static TestingRawTree read(byte[] json) throws IOException {
    String text = new String(json, StandardCharsets.UTF_8);
    try (JsonParser parser = JACKSON.createParser(text)) {
      parser.nextToken();
      return read(parser, text);
    }
  }

  private static TestingRawTree read(JsonParser parser, String text) throws IOException {
    int start = (int) parser.currentTokenLocation().getCharOffset();
    Object value =
        switch (parser.currentToken()) {
          case START_OBJECT -> object(parser, text);
          case START_ARRAY -> array(parser, text);
          case VALUE_STRING -> parser.getText();
          case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
          case VALUE_NULL -> null;
          default -> new Num(parser.getText());
        };
    int end = (int) parser.currentLocation().getCharOffset();
    return new TestingRawTree(value, text.substring(start, end));
  }

  private static Map<String, TestingRawTree> object(JsonParser parser, String text)
      throws IOException {
    Map<String, TestingRawTree> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      members.put(name, read(parser, text));
    }
    return members;
  }

  private static List<TestingRawTree> array(JsonParser parser, String text) throws IOException {
    List<TestingRawTree> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(read(parser, text));
    }
    return elements;
  }

  boolean isObject() {
    return value instanceof Map;
  }

  /** A member that is not null; null when there is none. */
  @SuppressWarnings("unchecked") // No other maps than those of object().
  TestingRawTree get(String name) {
    TestingRawTree member = isObject() ? ((Map<String, TestingRawTree>) value).get(name) : null;
    return member == null || member.value == null ? null : member;
  }

  /** The members of an object. */
  @SuppressWarnings("unchecked") // No other maps than those of object().
  Map<String, TestingRawTree> members() {
    return (Map<String, TestingRawTree>) value;
  }

  /** The elements of an array; none when it is anything else. */
  @SuppressWarnings("unchecked") // No other lists than those of array().
  List<TestingRawTree> elements() {
    return value instanceof List ? (List<TestingRawTree>) value : List.of();
  }

  /** The text without white space outside of strings. */
  String compact() {
    return raw.replaceAll("(\"(?:[^\"\\\\]|\\\\.)*+\")|[ \\n\\r\\t]+", "$1");
  }
}
