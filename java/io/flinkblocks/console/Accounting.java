package io.flinkblocks.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The counters of a job that say where each record went.
 *
 * @param read records out of the source; null when the job keeps no accounts
 * @param valid those that are events; null as above
 * @param deadLettered those that are not; null as above
 * @param reasons dead-lettered ones by reason
 * @param analyses one for each analysis of the job
 */
public record Accounting(
    Long read, Long valid, Long deadLettered, Map<String, Long> reasons, List<Analysis> analyses) {
  /** Those of a job that keeps none. */
  public static final Accounting NONE = new Accounting(null, null, null, Map.of(), List.of());

  private static final String PREFIX = "accounting.";
  private static final String SOURCE = PREFIX + "source.";
  private static final String REASON = SOURCE + "dead-lettered.";
  private static final String OUTPUT = PREFIX + "output.";
  private static final Pattern ANALYSIS =
      Pattern.compile(
          "accounting\\.(?!source\\.|output\\.)(.+)\\.(used|not-relevant|late|held|partial)");

  /**
   * What became of the valid events in one analysis.
   *
   * @param partial of the used ones, those that came too late for some of their windows
   */
  public record Analysis(
      String name, long used, long notRelevant, long late, long held, long partial) {
    long total() {
      return used + notRelevant + late + held;
    }

    private static Analysis of(String name, Map<String, Long> counts) {
      return new Analysis(
          name,
          counts.getOrDefault("used", 0L),
          counts.getOrDefault("not-relevant", 0L),
          counts.getOrDefault("late", 0L),
          counts.getOrDefault("held", 0L),
          counts.getOrDefault("partial", 0L));
    }
  }

  /**
   * Reads the accounts out of a job's accumulators.
   *
   * @param counters accumulators by name; others are ignored
   * @param required analyses that must be there; one without any counter has all of them at 0
   */
  public static Accounting of(Map<String, Long> counters, Collection<String> required) {
    TreeMap<String, Long> reasons = new TreeMap<>();
    TreeMap<String, Map<String, Long>> parts = new TreeMap<>();
    required.forEach(name -> parts.put(name, Map.of()));
    counters.forEach(
        (name, count) -> {
          if (name.startsWith(REASON)) {
            reasons.put(name.substring(REASON.length()), count);
          }
          Matcher analysis = ANALYSIS.matcher(name);
          if (analysis.matches()) {
            Map<String, Long> counts =
                new TreeMap<>(parts.getOrDefault(analysis.group(1), Map.of()));
            counts.put(analysis.group(2), count);
            parts.put(analysis.group(1), counts);
          }
        });
    boolean source = counters.keySet().stream().anyMatch(n -> n.startsWith(SOURCE));
    // A counter that was never raised may not exist.
    Long otherwise = source ? 0L : null;
    return new Accounting(
        counters.get(SOURCE + "read"),
        counters.getOrDefault(SOURCE + "valid", otherwise),
        counters.getOrDefault(SOURCE + "dead-lettered", otherwise),
        reasons,
        parts.entrySet().stream().map(e -> Analysis.of(e.getKey(), e.getValue())).toList());
  }

  /** Records handed to the sink, by output. */
  public static Map<String, Long> outputs(Map<String, Long> counters) {
    TreeMap<String, Long> outputs = new TreeMap<>();
    counters.forEach(
        (name, count) -> {
          if (name.startsWith(OUTPUT)) {
            outputs.put(name.substring(OUTPUT.length()), count);
          }
        });
    return outputs;
  }

  /** Whether the job keeps accounts at all. */
  public boolean kept() {
    return !analyses.isEmpty() || read != null || valid != null || deadLettered != null;
  }

  /** Late events, over all analyses. */
  public long late() {
    return analyses.stream().mapToLong(Analysis::late).sum();
  }

  /**
   * What does not add up, one sentence each; empty when all does. Only the accounts of a job at
   * rest add up: while it runs, its counters are read one after the other.
   */
  public List<String> problems() {
    List<String> found = new ArrayList<>();
    if (!kept()) {
      return found;
    }
    if (read == null) {
      found.add("the number of records read is missing");
    }
    Map<String, Long> sorts = new LinkedHashMap<>();
    sorts.put("valid", orZero(valid));
    sorts.put("dead-lettered", orZero(deadLettered));
    compare(found, "read", orZero(read), sorts);
    if (!reasons.isEmpty()) {
      compare(found, "dead-lettered", orZero(deadLettered), reasons);
    }
    for (Analysis part : analyses) {
      Map<String, Long> terms = new LinkedHashMap<>();
      terms.put("used", part.used());
      terms.put("not relevant", part.notRelevant());
      terms.put("late", part.late());
      terms.put("held", part.held());
      compare(found, part.name() + ": valid", orZero(valid), terms);
      if (part.partial() > part.used()) {
        found.add(
            Wording.format(
                "%s: %,d used in part, but only %,d used",
                part.name(), part.partial(), part.used()));
      }
    }
    return found;
  }

  private static void compare(
      List<String> found, String name, long whole, Map<String, Long> terms) {
    long total = terms.values().stream().mapToLong(Long::longValue).sum();
    if (whole == total) {
      return;
    }
    List<String> parts = new ArrayList<>();
    terms.forEach((term, count) -> parts.add(Wording.count(count) + " " + term));
    String gap =
        whole > total
            ? Wording.count(whole - total) + " unaccounted for"
            : Wording.count(total - whole) + " too many";
    found.add(
        Wording.format(
            "%s %,d, but %s = %,d: %s", name, whole, String.join(" + ", parts), total, gap));
  }

  private static long orZero(Long count) {
    return count == null ? 0 : count;
  }
}
