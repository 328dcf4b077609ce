package io.flinkblocks.flags;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A program's flags as the Python declaration has them; the build writes it to a resource.
 *
 * @param block the program's name
 * @param help the whole text of {@code --help}
 * @param flags in the order of their declaration
 * @param rules what must hold between flags
 */
record FlagTable(String block, String help, List<Flag> flags, List<Rule> rules) {

  /**
   * One flag.
   *
   * @param name as typed, without the dashes
   * @param kind integer, decimal, duration, switch, choice, choices, text, path or secret
   * @param group the heading of {@code --help} that it stands under
   * @param defaultText the default in the flag's own notation, null for none; may be a template
   * @param when other defaults; the first that applies counts
   * @param unit what a bare number counts in a duration
   * @param env the environment variable; empty for none
   * @param options what a choice is made from; of a path: words that are none
   * @param low the least number, or ms of a duration
   * @param high the greatest number, or ms of a duration
   * @param decimals the most decimals that a number may have
   * @param pattern what a text must match
   * @param noneWord the word that unsets it; empty if it cannot be unset
   * @param hushed a value that is refused is not repeated, because it may hold a secret
   * @param action about this one run: never in a file
   * @param readable the path must be a file that can be read
   * @param secretFile of a secret: the flag that names a file with it
   * @param accepts what it accepts, in words
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Flag(
      String name,
      String kind,
      String group,
      @JsonProperty("default") String defaultText,
      List<When> when,
      String unit,
      String env,
      List<String> options,
      Long low,
      Long high,
      int decimals,
      String pattern,
      String noneWord,
      @JsonProperty("private") boolean hushed,
      boolean action,
      boolean readable,
      String secretFile,
      String accepts) {

    boolean is(String otherKind) {
      return kind.equals(otherKind);
    }
  }

  /**
   * Another default, for runs in which some flags are set and others are not.
   *
   * @param value the default then, null for none
   * @param given flags that the user set
   * @param absent flags that the user did not set
   */
  record When(String value, List<String> given, List<String> absent) {}

  /**
   * What must hold between two flags.
   *
   * @param first a flag
   * @param relation differs, at-most, less-than, divides, not-too-often, excludes, needs or
   *     takes-only
   * @param second a flag
   * @param among values of the second, for needs and takes-only
   * @param when a flag, then values: the rule counts only if the flag is, or has, one of them
   */
  record Rule(
      String first, String relation, String second, List<String> among, List<String> when) {}

  /**
   * The table of a block, from the class path.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  static FlagTable of(String block) {
    String resource = "/" + block + ".flags.json";
    try (InputStream in = FlagTable.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + resource);
      }
      return new ObjectMapper().readValue(in, FlagTable.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The flag of that name; null if there is none. */
  Flag find(String name) {
    return flags.stream().filter(flag -> flag.name().equals(name)).findFirst().orElse(null);
  }
}
