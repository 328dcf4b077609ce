package io.flinkblocks.blocks;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.flags.Flags;
import java.util.Arrays;
import java.util.Map;

/** What the mains of all blocks share. */
public final class FlinkCommon {
  private static final int MISUSED = 2;

  private FlinkCommon() {}

  /**
   * The flags of a run, which are those of the Python program of the same block.
   *
   * <p>{@code --help} and {@code --show-config} print and end the process with 0; a mistake is one
   * line on standard error and exit code 2.
   *
   * @param argv the command line
   * @param env the environment
   * @param block the block's name, as {@code streaming_analytics}
   */
  public static Settings parse(String[] argv, Map<String, String> env, String block) {
    Outcome outcome = outcome(argv, env, block);
    if (outcome.settings() == null) {
      (outcome.exitCode() == 0 ? System.out : System.err).println(outcome.text());
      System.exit(outcome.exitCode());
    }
    return outcome.settings();
  }

  /**
   * What a command line comes to.
   *
   * @param settings of a run; null when there is nothing to run
   * @param text to print then
   * @param exitCode to end with then
   */
  record Outcome(Settings settings, String text, int exitCode) {}

  static Outcome outcome(String[] argv, Map<String, String> env, String block) {
    if (Arrays.asList(argv).contains("--help") || Arrays.asList(argv).contains("-h")) {
      return new Outcome(null, Flags.help(block), 0);
    }
    try {
      Flags flags = Flags.resolve(argv, env, block);
      return flags.showsConfig()
          ? new Outcome(null, flags.showConfig(), 0)
          : new Outcome(flags.settings(), "", 0);
    } catch (UserError e) {
      return new Outcome(null, "error: " + e.getMessage() + "; " + e.cure(), MISUSED);
    }
  }
}
