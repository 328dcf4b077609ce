package io.flinkblocks.run;

import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** The file that a run logs to; the terminal is the console's. */
final class LogFile {
  private static final Duration KEEP = Duration.ofDays(7);

  /**
   * Chooses the file, before anything logs: the logging configuration asks for {@code log.file}.
   *
   * @param folder for logs, unless FLINK_LOG_DIR names another
   * @throws UserError when nothing can be written there
   */
  static Path open(Path folder, String block, Map<String, String> env) {
    String chosen = env.getOrDefault("FLINK_LOG_DIR", "");
    Path place = chosen.isEmpty() ? folder : Path.of(chosen);
    try {
      Files.createDirectories(place);
      if (chosen.isEmpty()) {
        dropOld(place); // A folder that somebody chose may hold the logs of other programs.
      }
    } catch (IOException e) {
      throw new UserError(
          "cannot write logs to " + place + " (" + e.getClass().getSimpleName() + ")",
          "choose another --checkpoint-path, or set FLINK_LOG_DIR",
          e);
    }
    long process = ProcessHandle.current().pid();
    Path file = place.resolve("flink-" + block + "-" + process + "-java.log");
    System.setProperty("log.file", file.toString());
    return file;
  }

  /** Logs that nobody wrote to for a week. */
  private static void dropOld(Path folder) throws IOException {
    Instant oldest = Instant.now().minus(KEEP);
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "flink-*.log*")) {
      for (Path log : logs) {
        // One that another run has just deleted is of the year 1970 to this method.
        if (Instant.ofEpochMilli(log.toFile().lastModified()).isBefore(oldest)) {
          Files.deleteIfExists(log);
        }
      }
    }
  }

  private LogFile() {}
}
