package io.flinkblocks.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
  // 0 when the analysis joined later: see the tally of its operator.
  private static final String SINCE_START = "since-start.";
  private static final Pattern ANALYSIS =
      Pattern.compile(
          "accounting\\.(?!source\\.|output\\.)(.+)\\.(used|not-relevant|late|held|partial)");

  /**
   * What became of the valid events in one analysis.
   *
   * @param partial of the used ones, those that came too late for some of their windows
   * @param beforeJoining those of the runs before it joined a resumed job, which it has not seen:
   *     whatever is missing, so with them its accounts add up unless it has too many
   */
  public record Analysis(
      String name,
      long used,
      long notRelevant,
      long late,
      long held,
      long partial,
      long beforeJoining) {
    private static Analysis of(String name, Map<String, Long> counts) {
      long used = counts.getOrDefault("used", 0L);
      long notRelevant = counts.getOrDefault("not-relevant", 0L);
      long late = counts.getOrDefault("late", 0L);
      long held = counts.getOrDefault("held", 0L);
      long partial = counts.getOrDefault("partial", 0L);
      return new Analysis(name, used, notRelevant, late, held, partial, 0);
    }

    /** The same when it joined later: what it lacks of the valid events came before that. */
    private Analysis joined(long valid) {
      long before = Math.max(valid - (used + notRelevant + late + held), 0);
      return new Analysis(name, used, notRelevant, late, held, partial, before);
    }

    /** What its valid events came to, in words; they add up. */
    Map<String, Long> terms() {
      Map<String, Long> terms = new LinkedHashMap<>();
      terms.put("used", used);
      terms.put("not relevant", notRelevant);
      terms.put("late", late);
      terms.put("held", held);
      if (beforeJoining != 0) {
        terms.put("before it joined", beforeJoining);
      }
      return terms;
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
    Long valid = counters.getOrDefault(SOURCE + "valid", otherwise);
    List<Analysis> analyses = new ArrayList<>();
    parts.forEach(
        (name, counts) -> {
          Analysis part = Analysis.of(name, counts);
          boolean joined = Long.valueOf(0).equals(counters.get(SINCE_START + name));
          analyses.add(joined ? part.joined(orZero(valid)) : part);
        });
    return new Accounting(
        counters.get(SOURCE + "read"),
        valid,
        counters.getOrDefault(SOURCE + "dead-lettered", otherwise),
        reasons,
        List.copyOf(analyses));
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
      compare(found, part.name() + ": valid", orZero(valid), part.terms());
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
    String gap =
        whole > total
            ? Wording.count(whole - total) + " unaccounted for"
            : Wording.count(total - whole) + " too many";
    found.add(Wording.format("%s %,d, but %s = %,d: %s", name, whole, sum(terms), total, gap));
  }

  /** Terms as text: 12 used + 3 late. */
  static String sum(Map<String, Long> terms) {
    return terms.entrySet().stream()
        .map(term -> Wording.count(term.getValue()) + " " + term.getKey())
        .collect(Collectors.joining(" + "));
  }

  private static long orZero(Long count) {
    return count == null ? 0 : count;
  }
}
