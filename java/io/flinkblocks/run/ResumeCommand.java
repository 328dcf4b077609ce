package io.flinkblocks.run;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The command line that continues a run. */
final class ResumeCommand {
  /**
   * The same command with another savepoint.
   *
   * @param command of the run that ended, flag by flag
   * @param savepoint to resume from, or {@code latest}
   */
  static String of(List<String> command, String savepoint) {
    List<String> kept = new ArrayList<>();
    boolean skip = false;
    for (String word : command) {
      boolean flag = word.equals(Savepoints.FLAG);
      if (!skip && !flag && !word.startsWith(Savepoints.FLAG + "=")) {
        kept.add(word);
      }
      skip = !skip && flag;
    }
    kept.add(Savepoints.FLAG);
    kept.add(savepoint);
    return kept.stream().map(ResumeCommand::quoted).collect(Collectors.joining(" "));
  }

  /** A word as a shell reads it back. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\"'\"'") + "'";
  }

  private ResumeCommand() {}
}
