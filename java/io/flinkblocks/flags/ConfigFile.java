package io.flinkblocks.flags;

import io.flinkblocks.config.UserError;
import io.flinkblocks.flags.FlagTable.Flag;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML file of {@code flag: value} lines.
 *
 * <p>Every value is taken as the text that stands there, so that {@code 010} or {@code 1_0} mean
 * what they mean on the command line; only an empty value and a plain {@code null} mean that the
 * key is not there.
 */
final class ConfigFile {
  private static final String LINES = "accepted: lines such as `parallelism: 8`";
  private static final String READABLE = "accepted: a file that can be read";

  private ConfigFile() {}

  /**
   * The values by flag.
   *
   * @param source the file as the user named it
   * @param path the same, to open
   * @throws UserError if it cannot be read, is no YAML mapping, or has an unknown or doubled key
   */
  static Map<String, Given> read(Given source, String path, FlagTable table) {
    String quoted = FlagValue.quoted(source.text(), source.text().length());
    String shown = quoted.substring(1, quoted.length() - 1);
    Map<String, Given> given = new LinkedHashMap<>();
    for (NodeTuple pair : pairs(text(path, source.subject()), shown)) {
      String name = pair.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
      String line = shown + " line " + (pair.getKeyNode().getStartMark().getLine() + 1) + ": ";
      Flag flag = table.find(name);
      if (flag == null || flag.action()) {
        throw Given.unknown(line, name, "key", "", table);
      }
      if (flag.is("secret")) {
        throw new UserError(
            line + name + ": a secret does not belong in this file", "accepted: " + flag.accepts());
      }
      if (given.containsKey(name)) {
        throw new UserError(line + name + " is there twice", "leave one of them out");
      }
      String text = text(pair.getValueNode(), flag, line + name);
      if (text != null) {
        given.put(name, new Given(text, "config " + shown, line + name));
      }
    }
    return given;
  }

  private static List<NodeTuple> pairs(String text, String shown) {
    Node root;
    try {
      root = new Yaml().compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      int line = (e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark()).getLine();
      throw new UserError(shown + " line " + (line + 1) + ": not valid YAML", LINES);
    } catch (YAMLException e) {
      throw new UserError(shown + ": not valid YAML", LINES);
    }
    if (root == null) {
      return List.of();
    }
    if (root instanceof MappingNode mapping) {
      return mapping.getValue();
    }
    int line = root.getStartMark().getLine() + 1;
    throw new UserError(shown + " line " + line + ": no flag and value", LINES);
  }

  private static String text(Node node, Flag flag, String subject) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getTag().equals(Tag.NULL) ? null : scalar.getValue();
    }
    if (node instanceof SequenceNode list
        && flag.is("choices")
        && list.getValue().stream().allMatch(ScalarNode.class::isInstance)) {
      return list.getValue().stream()
          .map(item -> ((ScalarNode) item).getValue())
          .collect(Collectors.joining(","));
    }
    throw new UserError(
        subject + ": a " + node.getNodeId() + " is not accepted", "accepted: " + flag.accepts());
  }

  /**
   * The text of a file that a flag names.
   *
   * @throws UserError if there is no such file, it cannot be read, or is not UTF-8
   */
  static String text(String path, String subject) {
    checkReadable(path, subject);
    try {
      String text = Files.readString(Path.of(path));
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (IOException e) {
      throw unreadable(path, subject, "is not text in UTF-8");
    }
  }

  /**
   * Passes when a file can be read.
   *
   * @throws UserError if it is not there, is a folder, or may not be read
   */
  static void checkReadable(String path, String subject) {
    Path file;
    try {
      file = Path.of(path);
    } catch (InvalidPathException e) {
      throw unreadable(path, subject, "cannot be read");
    }
    if (!Files.exists(file)) {
      throw unreadable(path, subject, "does not exist");
    }
    if (Files.isDirectory(file)) {
      throw unreadable(path, subject, "is a folder");
    }
    if (!Files.isReadable(file)) {
      throw unreadable(path, subject, "cannot be read");
    }
  }

  private static UserError unreadable(String path, String subject, String problem) {
    return new UserError(
        subject + ": " + FlagValue.quoted(path, path.length()) + " " + problem, READABLE);
  }
}
