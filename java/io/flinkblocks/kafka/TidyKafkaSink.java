package io.flinkblocks.kafka;

import java.io.IOException;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.kafka.clients.admin.Admin;

/**
 * An exactly-once Kafka sink that leaves no admin client behind.
 *
 * <p>When the connector's writer starts, it opens one to look for transactions that an earlier run
 * left open, and never closes it (flink-connector-kafka 5.0.0). Every start and restart would leave
 * a thread and a connection per subtask. On a cluster each such thread also holds the job's classes
 * until the TaskManager's metaspace is full.
 */
final class TidyKafkaSink<T>
    implements TwoPhaseCommittingStatefulSink<T, KafkaWriterState, KafkaCommittable>,
        SupportsPostCommitTopology<KafkaCommittable> {
  private static final long serialVersionUID = 1;
  private static final String ADMIN = "adminClient";

  private final KafkaSink<T> sink;

  TidyKafkaSink(KafkaSink<T> sink) {
    this.sink = sink;
  }

  @Override
  public PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> createWriter(
      WriterInitContext context) throws IOException {
    return withoutAdmin(sink.createWriter(context));
  }

  @Override
  public PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> restoreWriter(
      WriterInitContext context, Collection<KafkaWriterState> states) throws IOException {
    return withoutAdmin(sink.restoreWriter(context, states));
  }

  /** Once the writer is made it asks no more; if it did, it would open another one. */
  private static <W> W withoutAdmin(W writer) {
    try {
      Field field = writer.getClass().getDeclaredField(ADMIN);
      field.setAccessible(true);
      Admin admin = (Admin) field.get(writer);
      if (admin != null) {
        field.set(writer, null);
        admin.close(Duration.ZERO);
      }
      return writer;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Kafka connector keeps its admin client elsewhere", e);
    }
  }

  @Override
  public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
    return sink.getWriterStateSerializer();
  }

  @Override
  public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) {
    return sink.createCommitter(context);
  }

  @Override
  public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
    return sink.getCommittableSerializer();
  }

  @Override
  public void addPostCommitTopology(DataStream<CommittableMessage<KafkaCommittable>> committed) {
    sink.addPostCommitTopology(committed);
  }
}
