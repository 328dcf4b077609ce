package io.flinkblocks.kafka;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of tables' changes, as Debezium fills them: one for each table. */
public final class ChangeTopics {
  /** Names the setting: the topics, with commas between them. */
  public static final String SETTING = "change-topics";

  private static final String FOR_EVER = "-1";
  private static final String A_DAY = Long.toString(Duration.ofDays(1).toMillis());

  /** The topics' names. */
  public static List<String> of(Settings settings) {
    return Arrays.stream(settings.text(SETTING).split(",")).map(Topics::legal).toList();
  }

  /**
   * Creates those topics that are missing, with one partition each and room for large rows. Of the
   * tables' topics there is no end to what is kept: a run that does not resume begins with the
   * snapshot, and is wrong without it.
   *
   * @param tables names of the tables' topics
   * @param beside names of others that a connector writes to and no job reads, kept for a day
   */
  public static void create(List<String> tables, List<String> beside, Settings settings) {
    Cluster.ask(settings, cluster -> Topics.create(cluster, tables, 1, keeping(FOR_EVER)));
    Cluster.ask(settings, cluster -> Topics.create(cluster, beside, 1, keeping(A_DAY)));
  }

  private static Map<String, String> keeping(String retentionMs) {
    return Map.of(
        TopicConfig.RETENTION_MS_CONFIG,
        retentionMs,
        TopicConfig.RETENTION_BYTES_CONFIG,
        "-1",
        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
        "LogAppendTime",
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(Topics.MAX_RECORD_BYTES));
  }

  /**
   * Checks that the topics are there, each with one partition: with more, a truncate would overtake
   * rows or be overtaken by them, and so would the end of a snapshot.
   *
   * @return their names
   * @throws UserError when one is missing, has more partitions, or may not be read; or when a run
   *     that does not resume would not find its beginning any more
   */
  public static List<String> require(Settings settings) {
    return Cluster.ask(
        settings,
        cluster -> {
          List<String> topics = require(cluster, settings);
          if (settings.find("from-savepoint").isEmpty()) {
            topics.forEach(topic -> requireBeginning(cluster, topic));
          }
          return topics;
        });
  }

  private static void requireBeginning(Cluster cluster, String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    var earliest = cluster.admin().listOffsets(Map.of(partition, OffsetSpec.earliest()));
    if (cluster.get(earliest.partitionResult(partition)).offset() > 0) {
      throw new UserError(
          "the first records of the table topic " + topic + " have been deleted",
          "go on with --from-savepoint, or begin anew: --cleanup, delete the tables' topics, and"
              + " the next run takes a new snapshot; retention.ms=-1 keeps them");
    }
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
