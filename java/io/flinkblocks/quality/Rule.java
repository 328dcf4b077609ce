package io.flinkblocks.quality;

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is demanded of a field of some tables.
 *
 * @param name what alerts call it
 * @param tables those it is for; {@link #EVERY} for all
 * @param field the column; null when the check is about whole tables
 * @param check what is demanded
 * @param severity of its alerts
 * @param parameters of the check, with its defaults
 */
record Rule(
    String name,
    List<String> tables,
    String field,
    Check check,
    String severity,
    Map<String, String> parameters)
    implements Serializable {
  /** In place of a table's name. */
  static final String EVERY = "*";

  /** Whether it demands something of a table's rows. */
  boolean covers(String table) {
    return tables.contains(table) || tables.contains(EVERY);
  }

  /** The table, of a rule that has one. */
  String table() {
    return tables.get(0);
  }

  /** What the rule says for a parameter of its check. */
  String parameter(String parameter) {
    return parameters.get(parameter);
  }

  /** The other table that its check looks at; null when there is none. */
  String target() {
    return parameters.get("to");
  }

  /** The tables that must be read for it, by name. */
  Set<String> mentioned() {
    Set<String> mentioned = new LinkedHashSet<>(tables);
    mentioned.remove(EVERY);
    if (target() != null) {
      mentioned.add(target());
    }
    return mentioned;
  }

  /** Whether some of its tables are read, and the one that it looks at. */
  boolean isFor(Set<String> read) {
    boolean hasRows = tables.contains(EVERY) || tables.stream().anyMatch(read::contains);
    return hasRows && (target() == null || read.contains(target()));
  }

  /** What its memory of rows depends on, in words. */
  String memory() {
    Map<String, String> kept = new TreeMap<>(parameters);
    kept.remove("tolerance"); // A matter of the moment.
    return "%s: %s of %s.%s %s"
        .formatted(name, check.label(), String.join(",", tables), field, kept);
  }
}
