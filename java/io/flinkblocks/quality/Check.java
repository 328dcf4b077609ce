package io.flinkblocks.quality;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What can be demanded of a field, or of a table. */
enum Check {
  EMAIL(false),
  POSITIVE(false),
  NOT_BEFORE(false),
  UNIQUE(true),
  REFERENCE(true, "to", "to-field=id"),
  AMOUNT(true, "quantity", "reference", "to", "to-field=id", "price", "tolerance=0.01"),
  SCHEMA(true);

  private final boolean keepsMemory;
  private final Map<String, String> parameters = new LinkedHashMap<>();

  Check(boolean keepsMemory, String... parameters) {
    this.keepsMemory = keepsMemory;
    for (String parameter : parameters) {
      String[] parts = parameter.split("=", 2);
      this.parameters.put(parts[0], parts.length == 2 ? parts[1] : null);
    }
  }

  /** The name in rules. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The check of a name; null when there is none. */
  static Check of(String label) {
    return Arrays.stream(values()).filter(c -> c.label().equals(label)).findAny().orElse(null);
  }

  /** The names of all. */
  static String labels() {
    return Arrays.stream(values()).map(Check::label).collect(Collectors.joining(", "));
  }

  /** Whether it needs to know other rows than the one that changes. */
  boolean keepsMemory() {
    return keepsMemory;
  }

  /** Whether it is about one field, not about a whole table. */
  boolean hasField() {
    return this != SCHEMA;
  }

  /** What a rule says beside table, field and severity: the default, or null when it must. */
  Map<String, String> parameters() {
    return Collections.unmodifiableMap(parameters);
  }
}
