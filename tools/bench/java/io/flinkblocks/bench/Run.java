package io.flinkblocks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * One run of an arm over one file.
 *
 * @param workload what to compute: revenue, popularity, sessions, fraud, all
 * @param input JSON lines
 * @param output a folder; each output is a folder in it, with files of JSON lines
 */
public record Run(String workload, Path input, Path output) {
  /** The analyses of the workload {@code all}. */
  private static final List<String> ALL =
      List.of("revenue", "sessions", "fraud", "popularity", "high-value");

  /** The analyses that the workload asks for. */
  public List<String> analyses() {
    return workload.equals("all") ? ALL : List.of(workload);
  }

  /** Deletes what the run before left. */
  void clearOutput() throws IOException {
    if (!Files.exists(output)) {
      return;
    }
    try (Stream<Path> found = Files.walk(output)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
