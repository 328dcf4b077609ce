package io.flinkblocks.console;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;

/** One JSON object a line, for programs: its type is check, snapshot, note or summary. */
final class JsonFace extends Face {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          // Whatever the terminal's encoding is, it can show this.
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  JsonFace(PrintStream out) {
    super(out);
  }

  @Override
  public long intervalMs() {
    return 1000;
  }

  @Override
  public void check(Check check) {
    object("check", MAPPER.valueToTree(check));
  }

  @Override
  public void update(Snapshot snapshot) {
    object("snapshot", MAPPER.valueToTree(snapshot));
  }

  @Override
  public void note(String text) {
    object("note", MAPPER.createObjectNode().put("text", text));
  }

  @Override
  public void summary(Summary summary) {
    ObjectNode values = MAPPER.valueToTree(summary);
    ObjectNode accounting = (ObjectNode) values.get("accounting");
    accounting.put("adds_up", summary.addsUp());
    boolean wrong = Boolean.FALSE.equals(summary.addsUp());
    accounting.set(
        "problems", MAPPER.valueToTree(wrong ? summary.accounting().problems() : List.of()));
    object("summary", values);
  }

  private void object(String type, ObjectNode values) {
    ObjectNode object = MAPPER.createObjectNode().put("type", type);
    object.setAll(values);
    try {
      write(MAPPER.writeValueAsString(object));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
