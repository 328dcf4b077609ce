package io.flinkblocks.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkblocks.event.DeadLetter.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One case of {@code testdata/events.json}, which all languages read.
 *
 * @param name what the case is about
 * @param input the record; null for one without value
 * @param verdict what every parser must say
 */
public record TestingCase(String name, byte[] input, long latestTimestamp, TestingVerdict verdict) {
  private static final Path FILE =
      Path.of("java", "io", "flinkblocks", "event", "testdata", "events.json");
  private static final List<String> STRINGS =
      List.of(
          "event_id", "user_id", "session_id", "product_id", "category", "action", "ip_address");

  /** All cases. */
  public static List<TestingCase> all() {
    try {
      JsonNode file = new ObjectMapper().readTree(FILE.toFile());
      List<TestingCase> cases = new ArrayList<>();
      for (JsonNode json : file.get("cases")) {
        cases.add(
            new TestingCase(
                json.get("case").textValue(),
                input(json),
                file.get("latest_timestamp").longValue(),
                verdict(json)));
      }
      return cases;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] input(JsonNode json) throws IOException {
    if (json.has("base64")) {
      return json.get("base64").binaryValue();
    }
    return json.has("text") ? json.get("text").textValue().getBytes(StandardCharsets.UTF_8) : null;
  }

  private static TestingVerdict verdict(JsonNode json) {
    if (json.has("reason")) {
      String reason = json.get("reason").textValue().toUpperCase(Locale.ROOT);
      return TestingVerdict.refused(Reason.valueOf(reason), json.get("field").textValue());
    }
    JsonNode event = json.get("event");
    List<String> strings = new ArrayList<>();
    STRINGS.forEach(name -> strings.add(event.get(name).textValue()));
    return new TestingVerdict(
        null,
        null,
        strings,
        event.get("price_micros").longValue(),
        event.get("quantity").longValue(),
        event.get("timestamp").longValue());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TestingCase that
        && name.equals(that.name)
        && Arrays.equals(input, that.input);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
