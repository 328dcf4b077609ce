package io.flinkblocks.flags;

import io.flinkblocks.config.UserError;
import io.flinkblocks.flags.FlagTable.Flag;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A value as the user gave it, not yet read.
 *
 * @param text the value
 * @param where in {@code --show-config}: {@code flag --rate}, {@code environment KAFKA_SERVERS},
 *     {@code config my.yaml}
 * @param subject in a message: what to look at, down to the line
 */
record Given(String text, String where, String subject) {

  /**
   * The value, null if it is the word for none.
   *
   * @throws UserError if it is not accepted
   */
  String read(Flag flag) {
    try {
      return FlagValue.read(flag, text);
    } catch (IllegalArgumentException e) {
      throw FlagValue.refused(subject, flag, text);
    }
  }

  /**
   * Reads {@code --flag value} and {@code --flag=value}; the last of several counts.
   *
   * <p>This is written out, in Python too, because no two libraries agree on the cases at the edge:
   * values that start with a dash, abbreviations, a switch before a word.
   *
   * @throws UserError on an unknown flag, one without its value, or a word that belongs to none
   */
  static Map<String, Given> fromArgv(String[] argv, FlagTable table) {
    Map<String, Given> given = new LinkedHashMap<>();
    for (Iterator<String> words = Arrays.asList(argv).iterator(); words.hasNext(); ) {
      String word = words.next();
      if (!word.startsWith("-") || word.equals("-")) {
        throw new UserError(
            FlagValue.quoted(word) + " is no flag and no flag's value", "see --help");
      }
      int equals = word.indexOf('=');
      String dashed = equals < 0 ? word : word.substring(0, equals);
      Flag flag = dashed.startsWith("--") ? table.find(dashed.substring(2)) : null;
      if (flag == null) {
        throw unknown("", dashed, "flag", "--", table);
      }
      if (flag.is("secret")) {
        throw new UserError(
            dashed + ": a secret does not belong on a command line", "accepted: " + flag.accepts());
      }
      String text = equals < 0 ? next(flag, words) : word.substring(equals + 1);
      given.put(flag.name(), new Given(text, "flag " + dashed, dashed));
    }
    return given;
  }

  private static String next(Flag flag, Iterator<String> words) {
    if (flag.is("switch")) {
      return "true";
    }
    String text = words.hasNext() ? words.next() : "--";
    if (text.startsWith("--")) {
      throw new UserError(
          "--" + flag.name() + ": its value is missing", "accepted: " + flag.accepts());
    }
    return text;
  }

  /** Reads the environment; an empty variable counts as none. */
  static Map<String, Given> fromEnvironment(Map<String, String> env, FlagTable table) {
    Map<String, Given> given = new LinkedHashMap<>();
    for (Flag flag : table.flags()) {
      String text = env.getOrDefault(flag.env(), "");
      if (!flag.env().isEmpty() && !text.isEmpty()) {
        String variable = "environment variable " + flag.env();
        given.put(flag.name(), new Given(text, "environment " + flag.env(), variable));
      }
    }
    return given;
  }

  /** The error about a name that is no flag's. */
  static UserError unknown(String where, String name, String what, String dashes, FlagTable table) {
    String near =
        Nearest.to(
            name.replaceFirst("^-+", ""),
            table.flags().stream()
                .filter(flag -> !flag.is("secret") && (what.equals("flag") || !flag.action()))
                .map(Flag::name)
                .toList());
    return new UserError(
        where + FlagValue.quoted(name) + " is an unknown " + what,
        near == null ? "see --help" : "did you mean " + dashes + near + "?");
  }
}
