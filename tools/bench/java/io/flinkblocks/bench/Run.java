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
 * @param analyses what to compute, of: revenue, sessions, fraud, popularity, high-value
 * @param input JSON lines
 * @param output a folder; each output is a folder in it, with files of JSON lines
 * @param state where state is kept
 */
public record Run(List<String> analyses, Path input, Path output, StateOptions state) {
  /** A folder beside the output, for checkpoints. */
  public Path checkpoints() {
    return output.resolveSibling(output.getFileName() + "-state");
  }

  /** Deletes what the run before left; its checkpoints Flink deletes itself. */
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
