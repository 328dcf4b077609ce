package io.flinkblocks.quality;

import io.flinkblocks.config.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads one rule of a file. Values are the texts that stand there, whatever YAML takes them for.
 */
final class RuleNode {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final Pattern TOLERANCE = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,6})?");
  private static final Set<String> SEVERITIES =
      new LinkedHashSet<>(List.of("low", "medium", "high", "critical"));

  private final Node node;
  private final String file;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private String name;

  /**
   * @param file its name, for errors
   */
  RuleNode(Node node, String file) {
    this.node = node;
    this.file = file;
  }

  /** Where it begins, counted from 1. */
  int line() {
    return node.getStartMark().getLine() + 1;
  }

  /**
   * The rule.
   *
   * @throws UserError if it is not in order
   */
  Rule rule() {
    if (!(node instanceof MappingNode mapping)) {
      throw refused(
          "no rule", "accepted: lines such as `check: email`, the first one behind a dash");
    }
    for (NodeTuple pair : mapping.getValue()) {
      String key = pair.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      if (values.put(key, pair.getValueNode()) != null) {
        throw refused(pair.getKeyNode(), Shown.quoted(key) + " is there twice", "leave one out");
      }
    }
    name = matched("name", NAME, "lower-case letters, digits and _, a letter first");
    Check check = check();
    checkKeys(check, mapping);
    List<String> tables = tables(check);
    String severity = text("severity");
    if (!SEVERITIES.contains(severity)) {
      throw notAccepted("severity", severity, String.join(", ", SEVERITIES));
    }
    String field = check.hasField() ? text("field") : null;
    return new Rule(name, tables, field, check, severity, parameters(check));
  }

  private Check check() {
    String label = text("check");
    Check check = Check.of(label);
    if (check == null) {
      throw notAccepted("check", label, Check.labels());
    }
    return check;
  }

  private void checkKeys(Check check, MappingNode mapping) {
    Set<String> known = new LinkedHashSet<>(List.of("name", "table", "check", "severity"));
    if (check.hasField()) {
      known.add("field");
    }
    known.addAll(check.parameters().keySet());
    for (NodeTuple pair : mapping.getValue()) {
      if (!(pair.getKeyNode() instanceof ScalarNode key) || !known.contains(key.getValue())) {
        String shown = pair.getKeyNode() instanceof ScalarNode k ? k.getValue() : "?";
        throw refused(
            pair.getKeyNode(),
            "%s is no key of the check %s".formatted(Shown.quoted(shown), check.label()),
            "accepted: " + String.join(", ", known));
      }
    }
  }

  private List<String> tables(Check check) {
    List<String> tables = new ArrayList<>();
    Node value = values.get("table");
    if (value instanceof SequenceNode list && !list.getValue().isEmpty()) {
      list.getValue().forEach(item -> tables.add(text("table", item)));
    } else {
      tables.add(text("table"));
    }
    boolean isOne = tables.size() == 1 && !tables.contains(Rule.EVERY);
    if (check.keepsMemory() && check != Check.SCHEMA && !isOne) {
      throw refused(
          value,
          "the check %s is about one table".formatted(check.label()),
          "write a rule for each table");
    }
    return List.copyOf(tables);
  }

  private Map<String, String> parameters(Check check) {
    Map<String, String> parameters = new LinkedHashMap<>();
    check
        .parameters()
        .forEach(
            (key, standard) ->
                parameters.put(
                    key, standard != null && !values.containsKey(key) ? standard : text(key)));
    if (values.containsKey("tolerance")) {
      matched("tolerance", TOLERANCE, "a number such as 0.01, not below 0");
    }
    return Map.copyOf(parameters);
  }

  private String matched(String key, Pattern pattern, String accepted) {
    String text = text(key);
    if (!pattern.matcher(text).matches()) {
      throw notAccepted(key, text, accepted);
    }
    return text;
  }

  private String text(String key) {
    Node value = values.get(key);
    if (value == null) {
      throw refused(key + " is missing", "add a line `" + key + ": ...`");
    }
    return text(key, value);
  }

  private String text(String key, Node value) {
    boolean isText = value instanceof ScalarNode && !value.getTag().equals(Tag.NULL);
    String text = isText ? ((ScalarNode) value).getValue() : "";
    if (text.isEmpty()) {
      throw refused(value, key + " is no text", "write one value behind " + key + ":");
    }
    return text;
  }

  private UserError notAccepted(String key, String text, String accepted) {
    return refused(
        values.get(key),
        "%s: %s is not accepted".formatted(key, Shown.quoted(text)),
        "accepted: " + accepted);
  }

  /** The error that names the rule, what is wrong with it, and the cure. */
  UserError refused(String problem, String cure) {
    return refused(node, problem, cure);
  }

  private UserError refused(Node place, String problem, String cure) {
    String rule = name == null ? "" : "rule " + name + ": ";
    int line = place.getStartMark().getLine();
    return new UserError(Shown.line(file, line) + ": " + rule + problem, cure);
  }
}
