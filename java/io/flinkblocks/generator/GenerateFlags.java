package io.flinkblocks.generator;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The flags of the generator's command line. */
final class GenerateFlags {
  private static final List<String> PATHS = List.of("output", "labels", "kafka-config");

  static CommandLine command() {
    return new CommandLine(spec())
        .registerConverter(Integer.class, text -> number(text, Integer::valueOf, "a whole number"))
        .registerConverter(Long.class, text -> number(text, Long::valueOf, "a whole number"))
        .registerConverter(Double.class, text -> number(text, Double::valueOf, "a number"));
  }

  private static <N> N number(String text, Function<String, N> parser, String wanted) {
    try {
      return parser.apply(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is not " + wanted);
    }
  }

  private static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("generate").mixinStandardHelpOptions(false);
    spec.usageMessage()
        .autoWidth(true)
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .showDefaultValues(true)
        .description(
            "Generates a web shop's click stream, one JSON object a line. Event n depends on the"
                + " seed, n and the shares below, on nothing else. Event time begins at"
                + " 2020-01-06T09:00:00Z and passes at 50 events a second on average; events arrive"
                + " up to 4.9 s out of order.%n")
        .footer(
            "%nExit code: 0 done, also when the reader of a pipe has enough; 1 failed; 2 wrong"
                + " call; 130 interrupted.",
            "Example: bazel run //python/flinkblocks/events:generate -- --records 100000 --seed 1"
                + " > events.jsonl");
    traffic(spec);
    targets(spec);
    add(spec, "quiet", boolean.class, null, null, "No progress and no summary on standard error");
    add(spec, "verbose", boolean.class, null, null, "Stack traces of errors");
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("This help").build());
    return spec;
  }

  private static void traffic(CommandSpec spec) {
    add(spec, "records", Long.class, "N", "10000", "Number of events; 0 = until Ctrl-C");
    add(spec, "seed", Long.class, "N", "42", "Another seed, other events");
    add(
        spec,
        "rate",
        Double.class,
        "R",
        "0",
        "Events per second of wall-clock time; 0 = full speed");
    add(
        spec,
        "late-events",
        Double.class,
        "SHARE",
        "0",
        "Share of the events, 0 to 1, that come 2 to 15 minutes late");
    add(
        spec,
        "invalid-records",
        Double.class,
        "SHARE",
        "0",
        "Share of the events, 0 to 1, that are no valid events, each in some way of its own");
    add(
        spec,
        "fraud-episodes",
        Double.class,
        "SHARE",
        "0",
        "Share of the events, 0 to 1, that belong to episodes of the fraud rules");
  }

  private static void targets(CommandSpec spec) {
    add(
        spec,
        "output",
        String.class,
        "FILE",
        null,
        "Write to this file, not to standard output; .gz is compressed");
    add(
        spec,
        "labels",
        String.class,
        "FILE",
        null,
        "Write down here which events are late, are invalid, or must set off a fraud rule: JSON"
            + " lines with n, event_id, label and what goes with it; .gz is compressed");
    add(
        spec,
        "kafka-servers",
        String.class,
        "HOST:PORT[,...]",
        null,
        "Write to Kafka, with the user_id as key");
    add(
        spec,
        "kafka-topic",
        String.class,
        "NAME",
        "flink-events",
        "Kafka topic, created if it is missing");
    add(spec, "topic-prefix", String.class, "TEXT", null, "Goes before the topic's name");
    add(
        spec,
        "kafka-partitions",
        Integer.class,
        "N",
        "4",
        "Number of partitions of a topic that is created");
    add(
        spec,
        "kafka-config",
        String.class,
        "FILE",
        null,
        "Kafka client properties (SASL, TLS); else that of KAFKA_CONFIG");
  }

  private static void add(
      CommandSpec spec, String name, Class<?> type, String unit, String value, String help) {
    OptionSpec.Builder option = OptionSpec.builder("--" + name).type(type).description(help);
    if (unit != null) {
      option.paramLabel(unit);
    }
    if (value != null) {
      option.defaultValue(value);
    }
    spec.addOption(option.build());
  }

  /**
   * What was given, and the defaults of the rest.
   *
   * @throws UserError for flags that do not go together
   */
  static Settings settings(ParseResult result, Map<String, String> environment) {
    Map<String, String> values = new TreeMap<>();
    for (OptionSpec option : result.commandSpec().options()) {
      Object value = option.getValue();
      if (value != null) {
        values.put(option.longestName().substring(2), value.toString());
      }
    }
    if (values.containsKey("output") && values.containsKey("kafka-servers")) {
      throw new UserError("--output and --kafka-servers are both given", "choose one");
    }
    String config = environment.get("KAFKA_CONFIG");
    if (config != null && !config.isEmpty()) {
      values.putIfAbsent("kafka-config", config);
    }
    // Bazel runs a program in another folder and leaves word which one the user is in.
    String folder = environment.get("BUILD_WORKING_DIRECTORY");
    if (folder != null) {
      for (String path : PATHS) {
        values.computeIfPresent(path, (name, file) -> Path.of(folder).resolve(file).toString());
      }
    }
    return Settings.of(values);
  }

  private GenerateFlags() {}
}
