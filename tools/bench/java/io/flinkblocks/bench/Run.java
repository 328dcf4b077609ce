package io.flinkblocks.bench;

import io.flinkblocks.blocks.FlinkCommon;
import io.flinkblocks.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One run of an arm over one file.
 *
 * @param block whose analyses
 * @param analyses what to compute, by names that all arms know; none to parse alone
 * @param flags of the block, where they are not the defaults; {@code --discard} is the benchmark's
 * @param input JSON lines: a file, or a folder of a file for each table
 * @param output a folder; each output is a folder in it, with files of JSON lines
 * @param state where state is kept
 */
public record Run(
    String block,
    List<String> analyses,
    List<String> flags,
    Path input,
    Path output,
    StateOptions state) {
  private static final String CHANGES = "cdc_processing";
  private static final String DISCARD = "--discard";

  /** Whether the input is a folder of tables' changes, not a file of events. */
  public boolean readsChanges() {
    return block.equals(CHANGES);
  }

  /** Whether the records are written, and not dropped where they would be. */
  public boolean writes() {
    return !flags.contains(DISCARD);
  }

  /** What the flags mean. */
  public Settings settings() {
    return FlinkCommon.parse(flags.toArray(String[]::new), Map.of(), block);
  }

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
