package io.flinkblocks.kafka;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.output.OutputRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of a run: their names, and that they are there as the sink and the source need them.
 *
 * <p>Topics that we create have the broker append the time ({@code LogAppendTime}): event time
 * lives in the value. A Kafka timestamp taken from it would be refused when far in the future, and
 * let retention delete what is old.
 */
public final class Topics {
  /**
   * The largest record of an output, in bytes: the producer's own limit, which is its buffer. Dead
   * letters and late events carry an input record and some more, so with Kafka's usual limit on
   * both sides an input record of just that size would stop the job.
   */
  static final int MAX_RECORD_BYTES = 32 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

  private static final String TIMESTAMP = TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
  private static final String APPEND_TIME = "LogAppendTime";
  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(3);

  /** The input topic's name: {@code --kafka-topic} behind {@code --topic-prefix}. */
  public static String input(Settings settings) {
    return legal(prefix(settings) + settings.text("kafka-topic"));
  }

  /**
   * The topic of each output.
   *
   * @throws UserError when a name is not legal in Kafka or is the input topic's
   */
  public static Map<String, String> ofOutputs(Collection<String> outputs, Settings settings) {
    String input = input(settings);
    Map<String, String> topics = new LinkedHashMap<>();
    for (String output : outputs) {
      String topic = output.equals(OutputRecord.DEAD_LETTER) ? input + "-dlq" : null;
      topics.put(output, legal(topic == null ? prefix(settings) + output : topic));
    }
    if (topics.containsValue(input)) {
      throw new UserError(
          "the topic " + input + " would be input and output of this job",
          "choose another --kafka-topic");
    }
    return topics;
  }

  /**
   * Checks that the input topic is there.
   *
   * @return the number of its partitions
   * @throws UserError when it is not, or may not be read
   */
  public static int requireInput(Settings settings) {
    return Cluster.ask(settings, cluster -> requireInput(cluster, settings));
  }

  static int requireInput(Cluster cluster, Settings settings) {
    String topic = input(settings);
    try {
      return cluster
          .get(cluster.admin().describeTopics(List.of(topic)).allTopicNames())
          .get(topic)
          .partitions()
          .size();
    } catch (UnknownTopicOrPartitionException e) {
      throw new UserError(
          "the input topic " + topic + " does not exist at " + cluster.kafka().servers(),
          "create it with: "
              + command("kafka-topics", cluster.kafka(), "--create --topic " + topic)
              + ", or correct --kafka-topic and --topic-prefix",
          e);
    } catch (AuthorizationException e) {
      throw notAllowed("read the input topic " + topic, "Read and Describe", e);
    }
  }

  /**
   * Creates those topics of the outputs that are missing and checks the others; several runs may do
   * so at once.
   *
   * @return output name -> topic
   * @throws UserError when one cannot be created or has other timestamps than the append time
   */
  public static Map<String, String> prepareOutputs(Collection<String> outputs, Settings settings) {
    Map<String, String> topics = ofOutputs(outputs, settings);
    return Cluster.ask(
        settings,
        cluster -> {
          Map<String, String> config =
              Map.of(
                  TIMESTAMP,
                  APPEND_TIME,
                  TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                  Integer.toString(MAX_RECORD_BYTES));
          int partitions = settings.integer("kafka-partitions");
          List<String> existing = create(cluster, topics.values(), partitions, config);
          requireAppendTime(cluster, existing);
          requireReadable(cluster, topics.values());
          return topics;
        });
  }

  /**
   * Creates the input topic if it is missing, for a program that fills it. One that is there is
   * taken as it is.
   *
   * @return its name
   */
  public static String prepareInput(Settings settings) {
    String topic = input(settings);
    Cluster.ask(
        settings,
        cluster ->
            create(
                cluster,
                List.of(topic),
                settings.integer("kafka-partitions"),
                Map.of(TIMESTAMP, APPEND_TIME)));
    return topic;
  }

  /** Creates the missing ones and returns the others. */
  static List<String> create(
      Cluster cluster, Collection<String> topics, int partitions, Map<String, String> config) {
    List<String> existing = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    Map<String, KafkaFuture<TopicDescription>> descriptions =
        cluster.admin().describeTopics(topics).topicNameValues();
    for (String topic : topics) {
      (exists(cluster, descriptions.get(topic)) ? existing : missing).add(topic);
    }
    // An absent replication factor is the broker's default.
    List<NewTopic> wanted =
        missing.stream()
            .map(
                topic ->
                    new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(config))
            .toList();
    Map<String, KafkaFuture<Void>> created = cluster.admin().createTopics(wanted).values();
    for (String topic : missing) {
      try {
        cluster.get(created.get(topic));
        LOG.info("created topic {} with {} partitions", topic, partitions);
      } catch (TopicExistsException e) {
        existing.add(topic);
      } catch (AuthorizationException e) {
        throw notAllowed("create the topic " + topic, "Create and Describe", e);
      } catch (KafkaException e) {
        throw new UserError(
            "the topic " + topic + " cannot be created: " + e.getMessage(),
            "create it yourself with " + TIMESTAMP + "=" + APPEND_TIME,
            e);
      }
    }
    awaitVisible(cluster, missing);
    awaitLeaders(cluster, missing, partitions);
    return existing;
  }

  private static boolean exists(Cluster cluster, KafkaFuture<TopicDescription> description) {
    try {
      cluster.get(description);
      return true;
    } catch (UnknownTopicOrPartitionException e) {
      return false;
    } catch (AuthorizationException e) {
      // Without the right to see it we cannot tell; creating it gives the answer.
      return false;
    }
  }

  /** The controller has created them; the brokers, which the sink asks, learn of it later. */
  private static void awaitVisible(Cluster cluster, List<String> topics) {
    List<String> unseen = new ArrayList<>(topics);
    long deadline = System.nanoTime() + VISIBLE_WITHIN.toNanos();
    while (!unseen.isEmpty() && System.nanoTime() < deadline) {
      var descriptions = cluster.admin().describeTopics(unseen).topicNameValues();
      unseen.removeIf(topic -> exists(cluster, descriptions.get(topic)));
      if (!unseen.isEmpty()) {
        cluster.pause();
      }
    }
  }

  private static void awaitLeaders(Cluster cluster, List<String> topics, int partitions) {
    try {
      Leaders.await(cluster.admin(), topics, partitions);
    } catch (KafkaException e) {
      LOG.warn("the leaders of {} did not answer; the sink will wait for them", topics, e);
    }
  }

  private static void requireAppendTime(Cluster cluster, List<String> topics) {
    List<ConfigResource> resources =
        topics.stream().map(t -> new ConfigResource(ConfigResource.Type.TOPIC, t)).toList();
    Map<ConfigResource, KafkaFuture<Config>> configs =
        cluster.admin().describeConfigs(resources).values();
    for (ConfigResource resource : resources) {
      String topic = resource.name();
      String type;
      try {
        type = cluster.get(configs.get(resource)).get(TIMESTAMP).value();
      } catch (AuthorizationException e) {
        LOG.warn("no right to see the settings of {}: {} is not checked", topic, TIMESTAMP);
        continue;
      }
      if (!type.equals(APPEND_TIME)) {
        throw new UserError(
            "the output topic " + topic + " has " + TIMESTAMP + "=" + type + ", not " + APPEND_TIME,
            "run: "
                + command(
                    "kafka-configs",
                    cluster.kafka(),
                    "--alter --entity-type topics --entity-name "
                        + topic
                        + (" --add-config " + TIMESTAMP + "=" + APPEND_TIME)),
            null);
      }
    }
  }

  /**
   * After a failure the sink asks each topic for its producers, to find transactions of its own.
   */
  private static void requireReadable(Cluster cluster, Collection<String> topics) {
    List<TopicPartition> firsts = topics.stream().map(t -> new TopicPartition(t, 0)).toList();
    var answers = cluster.admin().describeProducers(firsts);
    for (TopicPartition first : firsts) {
      try {
        cluster.get(answers.partitionResult(first));
      } catch (AuthorizationException e) {
        throw notAllowed("look for open transactions on " + first.topic(), "Read", e);
      }
    }
  }

  static String command(String tool, KafkaProperties kafka, String arguments) {
    return String.format("%s --bootstrap-server %s ", tool, kafka.servers())
        + kafka.file().map(file -> "--command-config " + file + " ").orElse("")
        + arguments;
  }

  static UserError notAllowed(String what, String rights, Exception cause) {
    return new UserError(
        "this user may not " + what,
        "give it the rights " + rights + " on the topic, or use another --kafka-config",
        cause);
  }

  private static String prefix(Settings settings) {
    return settings.find("topic-prefix").orElse("");
  }

  static String legal(String topic) {
    if (!topic.matches("[A-Za-z0-9._-]{1,249}") || topic.equals(".") || topic.equals("..")) {
      throw new UserError(
          "\"" + topic + "\" is no legal Kafka topic name",
          "use letters, digits, '.', '_' and '-', at most 249, in --kafka-topic and"
              + " --topic-prefix");
    }
    return topic;
  }

  private Topics() {}
}
