package io.flinkblocks.analytics;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the password of the analytics database is: a file, or a variable of the environment, or
 * nowhere. The password itself is only ever looked up and passed on, never kept: a job graph, a log
 * or an answer over REST can tell no more than the place.
 */
record Password(String file, String variable) implements Serializable {
  private static final long serialVersionUID = 1;

  /** The place that {@code analytics-postgres-password-file} or {@code -env} name. */
  static Password of(Settings settings) {
    return new Password(
        settings.find("analytics-postgres-password-file").orElse(null),
        settings.find("analytics-postgres-password-env").orElse(null));
  }

  /**
   * Looks it up. The line break at the end of a file does not belong to it.
   *
   * @param environment of this process
   * @throws UserError when there is nothing in the place
   */
  Optional<String> read(Map<String, String> environment) {
    if (file != null) {
      return Optional.of(readFile());
    }
    if (variable == null) {
      return Optional.empty();
    }
    String password = environment.get(variable);
    if (password == null) {
      throw new UserError(
          "the environment of the job has no " + variable + ", the analytics database's password",
          "set it, or use --analytics-postgres-password-file");
    }
    return Optional.of(password);
  }

  private String readFile() {
    try {
      return Files.readString(Path.of(file)).replaceFirst("[\\r\\n]+\\z", "");
    } catch (IOException e) {
      throw new UserError(
          "cannot read the analytics database's password in " + file + ": " + e,
          "correct --analytics-postgres-password-file; each TaskManager reads it",
          e);
    }
  }
}
