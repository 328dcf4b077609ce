package io.flinkblocks.blocks;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads a JSON list of command lines of a block, writes the list of what they come to. */
public final class TestingCommandLines {
  private TestingCommandLines() {}

  /**
   * One command line.
   *
   * @param argv the command line
   * @param env the environment
   */
  record Line(String[] argv, Map<String, String> env) {}

  /**
   * Writes {@code settings} of a run, or the {@code text} and {@code exitCode} of none.
   *
   * @param args the block's name
   */
  public static void main(String[] args) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<Line> lines = mapper.readValue(System.in, new TypeReference<>() {});
    List<Map<String, Object>> outcomes = new ArrayList<>();
    for (Line line : lines) {
      FlinkCommon.Outcome outcome = FlinkCommon.outcome(line.argv(), line.env(), args[0]);
      outcomes.add(
          outcome.settings() == null
              ? Map.of("text", outcome.text(), "exitCode", outcome.exitCode())
              : Map.of("settings", outcome.settings().values()));
    }
    System.out.write(mapper.writeValueAsBytes(outcomes));
    System.out.flush();
  }
}
