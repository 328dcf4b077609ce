package io.flinkblocks.quality;

import io.flinkblocks.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rules as a test wants them. */
final class TestingRules {
  /** Those of the block. */
  static List<Rule> all() {
    return RuleFile.rules(Settings.of(Map.of()));
  }

  /** One of them. */
  static Rule named(String name) {
    return all().stream().filter(rule -> rule.name().equals(name)).findAny().orElseThrow();
  }

  /** Those of them with memory. */
  static List<Rule> ofMemory() {
    return all().stream().filter(rule -> rule.check().keepsMemory()).toList();
  }

  /** A rule of lines as they are in a file. */
  static Rule of(String... lines) {
    List<String> all = new ArrayList<>(List.of("name: r", "severity: low"));
    all.addAll(List.of(lines));
    return RuleFile.parse("- " + String.join("\n  ", all), "test.yaml", null).get(0);
  }

  private TestingRules() {}
}
