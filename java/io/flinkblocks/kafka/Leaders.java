package io.flinkblocks.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * The leaders of partitions that were just created.
 *
 * <p>The broker confirms a new topic before each partition has a leader that takes records, and
 * before every question about it is answered. A producer's first batch that comes in between may be
 * refused, and behind a second one that was not it stays refused until its delivery times out.
 */
final class Leaders {
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final long PAUSE_MS = 100;

  private Leaders() {}

  /**
   * Waits until each partition's own leader answers: only that says that it takes records.
   *
   * @param partitions of each topic
   * @throws KafkaException when one does not within a minute
   */
  static void await(Admin admin, Collection<String> topics, int partitions) {
    Map<TopicPartition, OffsetSpec> ends = new LinkedHashMap<>();
    for (String topic : topics) {
      for (int partition = 0; partition < partitions; partition++) {
        ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
      }
    }
    long deadline = System.nanoTime() + WITHIN.toNanos();
    try {
      while (true) {
        try {
          admin.listOffsets(ends).all().get();
          return;
        } catch (ExecutionException e) {
          // Not known yet, or no leader yet.
          if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
            throw new KafkaException(e.getCause());
          }
        }
        Thread.sleep(PAUSE_MS);
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
