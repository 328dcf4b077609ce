package io.flinkblocks.kafka;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of tables' changes, as Debezium fills them: one for each table. */
public final class ChangeTopics {
  /** Names the setting: the topics, with commas between them. */
  public static final String SETTING = "change-topics";

  /** The topics' names. */
  public static List<String> of(Settings settings) {
    return Arrays.stream(settings.text(SETTING).split(",")).map(Topics::legal).toList();
  }

  /**
   * Checks that the topics are there, each with one partition: with more, a truncate would overtake
   * rows or be overtaken by them, and so would the end of a snapshot.
   *
   * @return their names
   * @throws UserError when one is missing, has more partitions, or may not be read
   */
  public static List<String> require(Settings settings) {
    return Cluster.ask(settings, cluster -> require(cluster, settings));
  }

  static List<String> require(Cluster cluster, Settings settings) {
    List<String> topics = of(settings);
    var descriptions = cluster.admin().describeTopics(topics).topicNameValues();
    for (String topic : topics) {
      try {
        requireOrder(cluster.get(descriptions.get(topic)));
      } catch (UnknownTopicOrPartitionException e) {
        throw new UserError(
            "the table topic " + topic + " does not exist at " + cluster.kafka().servers(),
            "create it with: "
                + Topics.command(
                    "kafka-topics", cluster.kafka(), "--create --partitions 1 --topic " + topic)
                + ", or correct --kafka-topic, --topic-prefix and --source-tables",
            e);
      } catch (AuthorizationException e) {
        throw Topics.notAllowed("read the table topic " + topic, "Read and Describe", e);
      }
    }
    return topics;
  }

  private static void requireOrder(TopicDescription topic) {
    int partitions = topic.partitions().size();
    if (partitions > 1) {
      throw new UserError(
          "the table topic " + topic.name() + " has " + partitions + " partitions, not one",
          "the order of a table's changes holds within a partition only: choose another"
              + " --kafka-topic, and let the connector make its snapshot anew");
    }
  }

  private ChangeTopics() {}
}
