package io.flinkblocks.flags;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.flags.FlagTable.Flag;
import io.flinkblocks.flags.FlagTable.When;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The flags of one run: the command line before the environment before the {@code --config} file
 * before the default, exactly as the Python program of the same block resolves them.
 */
public final class Flags {
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9/._][A-Za-z0-9/._:,+@%=-]*(?<!:)");
  private static final Set<String> NULL = Set.of("null", "Null", "NULL");

  private final FlagTable table;
  // From the source that counts most to the one that counts least.
  private final List<Map<String, Given>> sources;
  private final Map<String, String> values = new LinkedHashMap<>();
  // Of the secrets that a file held: where its name is from.
  private final Map<String, String> fetched = new HashMap<>();

  private Flags(FlagTable table, List<Map<String, Given>> sources) {
    this.table = table;
    this.sources = sources;
  }

  /** The text of {@code --help}. */
  public static String help(String block) {
    return FlagTable.of(block).help();
  }

  /**
   * The flags of a run.
   *
   * @param argv the command line
   * @param env the environment
   * @param block the program's name: its table is the resource {@code <block>.flags.json}
   * @throws UserError if a flag, a value or the file is not accepted
   */
  public static Flags resolve(String[] argv, Map<String, String> env, String block) {
    FlagTable table = FlagTable.of(block);
    Place place = Place.of(env);
    Map<String, Given> typed = Given.fromArgv(argv, table);
    Map<String, Given> environment = Given.fromEnvironment(env, table);
    Given source = typed.getOrDefault("config", environment.get("config"));
    String path = source == null ? null : source.read(table.find("config"));
    Map<String, Given> file =
        path == null ? Map.of() : ConfigFile.read(source, place.absolute(path), table);
    Flags flags = new Flags(table, List.of(typed, environment, file));
    flags.complete(place);
    RuleCheck rules = new RuleCheck(table, flags.values);
    table.rules().forEach(rules::check);
    return flags;
  }

  /** Reads what was given, then fills in the values that depend on others. */
  private void complete(Place place) {
    for (Flag flag : table.flags()) {
      given(flag).ifPresent(given -> values.put(flag.name(), given.read(flag)));
    }
    Set<String> missing =
        table.flags().stream()
            .map(Flag::name)
            .filter(name -> !values.containsKey(name))
            .collect(Collectors.toSet());
    Set<String> asked =
        values.keySet().stream().filter(n -> values.get(n) != null).collect(Collectors.toSet());
    for (Flag flag : table.flags()) {
      if (missing.contains(flag.name())) {
        values.put(flag.name(), defaultOf(flag, asked));
      }
    }
    Map<String, String> known = new HashMap<>(values);
    known.put("block", table.block());
    known.put("state-home", place.stateHome());
    for (Flag flag : table.flags()) {
      values.computeIfPresent(
          flag.name(), (name, value) -> missing.contains(name) ? filled(value, known) : value);
      if (flag.is("path")) {
        values.computeIfPresent(flag.name(), (name, value) -> located(flag, value, place));
      }
    }
    table.flags().stream().filter(flag -> flag.is("secret")).forEach(this::fetch);
  }

  private static String defaultOf(Flag flag, Set<String> asked) {
    String text = flag.defaultText();
    for (When when : flag.when()) {
      if (asked.containsAll(when.given()) && when.absent().stream().noneMatch(asked::contains)) {
        text = when.value();
        break;
      }
    }
    return FlagValue.readDefault(flag, text);
  }

  private static String filled(String template, Map<String, String> known) {
    String text = template;
    for (Map.Entry<String, String> value : known.entrySet()) {
      text = text.replace("{" + value.getKey() + "}", String.valueOf(value.getValue()));
    }
    return text;
  }

  private String located(Flag flag, String path, Place place) {
    if (flag.options().contains(path)) {
      return path;
    }
    String absolute = place.absolute(path);
    if (flag.readable()) {
      ConfigFile.checkReadable(absolute, subject(flag));
    }
    return absolute;
  }

  /** The environment counts unless the file was named in a source that counts more. */
  private void fetch(Flag secret) {
    Flag file = table.find(secret.secretFile());
    String path = values.get(file.name());
    if (path != null && rank(file) <= rank(secret)) {
      String text = ConfigFile.text(path, subject(file)).replaceFirst("[\r\n]+$", "");
      if (text.isEmpty()) {
        throw new UserError(
            subject(file) + ": " + FlagValue.quoted(path, path.length()) + " is empty",
            "accepted: a file with the secret in its first line");
      }
      values.put(secret.name(), text);
      fetched.put(secret.name(), where(file));
    }
  }

  private Optional<Given> given(Flag flag) {
    return sources.stream()
        .filter(source -> source.containsKey(flag.name()))
        .findFirst()
        .map(source -> source.get(flag.name()));
  }

  private int rank(Flag flag) {
    int rank = 0;
    while (rank < sources.size() && !sources.get(rank).containsKey(flag.name())) {
      rank++;
    }
    return rank;
  }

  private String where(Flag flag) {
    return fetched.getOrDefault(flag.name(), given(flag).map(Given::where).orElse("default"));
  }

  private String subject(Flag flag) {
    return given(flag).map(Given::subject).orElse("--" + flag.name());
  }

  /** The values for the core, without secrets and what is not set. */
  public Settings settings() {
    Map<String, String> kept = new TreeMap<>(Map.of("block", table.block()));
    for (Flag flag : table.flags()) {
      String value = values.get(flag.name());
      if (value != null && !flag.action() && !flag.is("secret")) {
        kept.put(flag.name(), value);
      }
    }
    return Settings.of(kept);
  }

  /** A secret, if the environment or a file has it. It is in no other output of this class. */
  public Optional<String> secret(String name) {
    return Optional.of(table.find(name))
        .filter(flag -> flag.is("secret"))
        .map(flag -> values.get(flag.name()));
  }

  /** Whether the user asked to see the outcome only. */
  public boolean showsConfig() {
    return "true".equals(values.get("show-config"));
  }

  /**
   * Every value and where it is from, as a file that {@code --config} takes: defaults and secrets
   * are comments.
   */
  public String showConfig() {
    String last = table.find("config").group();
    List<Flag> shown = new ArrayList<>(table.flags());
    // The sort is stable: only the group that every program has moves to the end.
    shown.sort((a, b) -> Boolean.compare(a.group().equals(last), b.group().equals(last)));
    List<String> lines = shown.stream().map(this::line).toList();
    int width = lines.stream().mapToInt(Flags::length).max().orElse(0);
    int column = Math.min(60, width);
    StringBuilder out = new StringBuilder("# ").append(table.block());
    out.append(": the outcome; saved to a file, it is one for --config");
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      out.append('\n').append(line).append(" ".repeat(Math.max(0, column - length(line))));
      out.append("  # ").append(where(shown.get(i)));
    }
    return out.toString();
  }

  private static int length(String line) {
    return line.codePointCount(0, line.length());
  }

  private String line(Flag flag) {
    String value = values.get(flag.name());
    String text = FlagValue.show(flag, value);
    if (flag.is("secret") && value != null) {
      text = "********";
    } else if (!PLAIN.matcher(text).matches() || NULL.contains(text)) {
      text = FlagValue.quoted(text, text.length());
    }
    boolean comment = given(flag).isEmpty() || flag.action() || flag.is("secret");
    return (comment ? "# " : "") + flag.name() + ": " + text;
  }
}
