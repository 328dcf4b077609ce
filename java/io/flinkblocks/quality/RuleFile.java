package io.flinkblocks.quality;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The rules of a YAML file; see rules.yaml for what is in it. */
final class RuleFile {
  private static final String OWN = "rules.yaml";
  private static final String LIST =
      "accepted: a list of rules, each with name, table, field, check and severity";

  private RuleFile() {}

  /**
   * The rules of a run: those of the file that {@code quality-rules} names, and else those that are
   * here, as far as their tables are among {@code source-tables}.
   *
   * @throws UserError if the file cannot be read or is not in order, or a rule of it is about a
   *     table that is not read
   */
  static List<Rule> rules(Settings settings) {
    Set<String> tables = tables(settings);
    String path = settings.find("quality-rules").orElse(null);
    if (path != null) {
      return parse(text(path), path, tables);
    }
    return parse(own(), OWN, null).stream()
        .filter(rule -> tables == null || rule.isFor(tables))
        .toList();
  }

  /** By the names that changes have; null when nothing is said about them. */
  private static Set<String> tables(Settings settings) {
    String flag = settings.find("source-tables").orElse(null);
    if (flag == null) {
      return null;
    }
    Set<String> tables = new LinkedHashSet<>();
    for (String table : flag.split(",")) {
      tables.add(table.startsWith("public.") ? table.substring("public.".length()) : table);
    }
    return tables;
  }

  /**
   * The rules of a file's text.
   *
   * @param name of the file, for errors
   * @param tables those that rules may be about; null for any
   * @throws UserError if it is not in order
   */
  static List<Rule> parse(String text, String name, Set<String> tables) {
    Map<String, Integer> lines = new HashMap<>();
    List<Rule> rules = new ArrayList<>();
    for (Node node : nodes(text, name)) {
      RuleNode reader = new RuleNode(node, name);
      Rule rule = reader.rule();
      Integer line = lines.putIfAbsent(rule.name(), reader.line());
      if (line != null) {
        throw reader.refused("line " + line + " has that name, too", "give each rule its own name");
      }
      for (String table : rule.mentioned()) {
        if (tables != null && !tables.contains(table)) {
          throw reader.refused(
              "the table " + Shown.quoted(table) + " is not read",
              "add it to --source-tables, or take the rule out");
        }
      }
      rules.add(rule);
    }
    return List.copyOf(rules);
  }

  private static List<Node> nodes(String text, String name) {
    Node root;
    try {
      root = new Yaml().compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      int line = (e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark()).getLine();
      throw new UserError(Shown.line(name, line) + ": not valid YAML", LIST);
    } catch (YAMLException e) {
      throw new UserError(Shown.path(name) + ": not valid YAML", LIST);
    }
    if (root == null) {
      throw new UserError(Shown.path(name) + ": no rules", LIST);
    }
    if (root instanceof SequenceNode list) {
      return list.getValue();
    }
    throw new UserError(Shown.line(name, root.getStartMark().getLine()) + ": no list", LIST);
  }

  private static String own() {
    try (InputStream file = RuleFile.class.getResourceAsStream(OWN)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (IOException | InvalidPathException e) {
      throw new UserError(
          "--quality-rules: " + Shown.quoted(path) + " cannot be read as text in UTF-8",
          "accepted: a file that can be read",
          e);
    }
  }
}
