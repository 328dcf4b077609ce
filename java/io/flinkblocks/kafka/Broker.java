package io.flinkblocks.kafka;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/** What a run asks of the Kafka cluster before it starts. */
public final class Broker {
  private static final String MAX_TIMEOUT = "transaction.max.timeout.ms";

  /** A broker's own default of {@link #MAX_TIMEOUT}: what we count on where we may not ask. */
  private static final long DEFAULT_MAX_MS = 15 * 60_000;

  /** Enough for most outages; an abandoned run's open transactions hold readers up as long. */
  private static final long WANTED_MS = 60 * 60_000;

  /**
   * How long losing a worker and starting again may take: 50 s until a lost worker is noticed, the
   * restart delays, loading the state.
   */
  static final long RESTART_MS = 2 * 60_000;

  /**
   * The cluster as it answered.
   *
   * @param servers as {@code --kafka-servers} gives them
   * @param clusterId Kafka's id of the cluster
   * @param brokers how many brokers are up
   * @param maxTransactionMs the longest transaction timeout the brokers allow; empty when we have
   *     no right to see it
   * @param transactionMs the transaction timeout that the sink uses
   * @param inputPartitions of the input topics; empty when Kafka is not the input
   */
  public record Report(
      String servers,
      String clusterId,
      int brokers,
      OptionalLong maxTransactionMs,
      long transactionMs,
      OptionalInt inputPartitions) {

    /** One line for people. */
    public String line() {
      return String.format(
          "Kafka at %s: %d broker%s, transactions of %d s (%s)%s",
          servers,
          brokers,
          brokers == 1 ? "" : "s",
          transactionMs / 1000,
          maxTransactionMs.isPresent()
              ? "the brokers' " + MAX_TIMEOUT + " is " + maxTransactionMs.getAsLong()
              : "no right to see the brokers' " + MAX_TIMEOUT + ", its default is counted on",
          inputPartitions.isPresent() ? ", input partitions: " + inputPartitions.getAsInt() : "");
    }
  }

  /**
   * Checks a cluster for a run that only writes to it.
   *
   * @throws UserError when it cannot be reached within seconds, refuses the login, or allows no
   *     transaction long enough for {@code --checkpoint-interval}
   */
  public static Report check(Settings settings) {
    return Cluster.ask(settings, cluster -> check(cluster, settings, OptionalInt.empty()));
  }

  /**
   * The same for a run that also reads from it.
   *
   * @throws UserError also when the input topic, or that of a table, is missing
   */
  public static Report checkWithInput(Settings settings) {
    return Cluster.ask(
        settings,
        cluster -> check(cluster, settings, OptionalInt.of(requireInput(cluster, settings))));
  }

  private static int requireInput(Cluster cluster, Settings settings) {
    return settings.find(ChangeTopics.SETTING).isPresent()
        ? ChangeTopics.require(cluster, settings).size()
        : Topics.requireInput(cluster, settings);
  }

  private static Report check(Cluster cluster, Settings settings, OptionalInt inputPartitions) {
    DescribeClusterResult description = cluster.admin().describeCluster();
    Collection<Node> nodes = cluster.get(description.nodes());
    OptionalLong max = maxTransaction(cluster, nodes);
    return new Report(
        cluster.kafka().servers(),
        cluster.get(description.clusterId()),
        nodes.size(),
        max,
        transactionTimeout(max, settings.millis("checkpoint-interval")),
        inputPartitions);
  }

  private static OptionalLong maxTransaction(Cluster cluster, Collection<Node> nodes) {
    List<ConfigResource> resources =
        nodes.stream()
            .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
            .toList();
    try {
      // Any of them may become a transaction's coordinator: the smallest value counts.
      Collection<Config> configs =
          cluster.get(cluster.admin().describeConfigs(resources).all()).values();
      return configs.stream()
          .map(config -> config.get(MAX_TIMEOUT))
          .map(ConfigEntry::value)
          .mapToLong(Long::parseLong)
          .min();
    } catch (AuthorizationException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * The sink's transaction timeout in milliseconds. A transaction is open from one checkpoint to
   * the commit of the next, and over a restart in between; one that times out before is lost data.
   *
   * @throws UserError when the brokers' limit is below that
   */
  static long transactionTimeout(OptionalLong max, long checkpointIntervalMs) {
    long needed = checkpointIntervalMs + RESTART_MS;
    long allowed = max.orElse(DEFAULT_MAX_MS);
    if (needed >= allowed) {
      throw new UserError(
          String.format(
              "Kafka transactions may be open for %d s (%s%s), too short for a checkpoint interval"
                  + " of %d s and a restart of %d s",
              allowed / 1000,
              MAX_TIMEOUT,
              max.isPresent() ? "" : "'s default; no right to see its value",
              checkpointIntervalMs / 1000,
              RESTART_MS / 1000),
          String.format(
              "set %s above %d on every broker, or shorten --checkpoint-interval",
              MAX_TIMEOUT, needed));
    }
    return Math.min(allowed, Math.max(WANTED_MS, needed));
  }

  private Broker() {}
}
