package io.flinkblocks.source;

import io.flinkblocks.event.EventParser;
import io.flinkblocks.event.SourceRecord;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A bounded source of records in memory: partitions, each with a watermark of its own, read in a
 * scripted order.
 *
 * <p>With one reader the order of all records is the script's, in every run; with more, each reader
 * follows the script as far as its own partitions go. It checkpoints, and goes on after a restart
 * where the checkpoint stood.
 */
public final class TestingPartitions
    implements Source<SourceRecord, TestingPartitions.Split, List<TestingPartitions.Split>> {
  private static final long serialVersionUID = 1;

  private final ArrayList<ArrayList<byte[]>> partitions = new ArrayList<>();
  // The partition to read from, step by step; all records are in it.
  private final ArrayList<Integer> script;
  private final long maxOutOfOrderness;

  private TestingPartitions(
      List<? extends List<byte[]>> partitions, List<Integer> script, long maxOutOfOrderness) {
    partitions.forEach(partition -> this.partitions.add(new ArrayList<>(partition)));
    this.script = new ArrayList<>(script);
    this.maxOutOfOrderness = maxOutOfOrderness;
  }

  /**
   * Partitions that are read in turn, one record each, until all are at their end.
   *
   * @param maxOutOfOrderness in ms
   */
  public static TestingPartitions of(
      long maxOutOfOrderness, List<? extends List<byte[]>> partitions) {
    return new TestingPartitions(partitions, List.of(), maxOutOfOrderness).inOrder();
  }

  /** The same, reading first from these partitions; what they leave over is read in turn. */
  public TestingPartitions inOrder(int... steps) {
    int[] left = partitions.stream().mapToInt(List::size).toArray();
    List<Integer> order = new ArrayList<>();
    for (int partition : steps) {
      if (--left[partition] < 0) {
        throw new IllegalArgumentException("partition " + partition + " has no record left");
      }
      order.add(partition);
    }
    int all = partitions.stream().mapToInt(List::size).sum();
    for (int turn = 0; order.size() < all; turn++) {
      int partition = turn % left.length;
      if (left[partition]-- > 0) {
        order.add(partition);
      }
    }
    return new TestingPartitions(partitions, order, maxOutOfOrderness);
  }

  /** The same, in an order that is a function of the seed. */
  public TestingPartitions shuffled(long seed) {
    Random random = new Random(seed);
    List<Integer> left = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    int[] rest = partitions.stream().mapToInt(List::size).toArray();
    for (int partition = 0; partition < rest.length; partition++) {
      if (rest[partition] > 0) {
        left.add(partition);
      }
    }
    while (!left.isEmpty()) {
      int partition = left.get(random.nextInt(left.size()));
      // Runs of several records, as fetches from a broker are.
      for (int run = 1 + random.nextInt(20); run > 0 && rest[partition] > 0; run--) {
        order.add(partition);
        rest[partition]--;
      }
      if (rest[partition] == 0) {
        left.remove((Integer) partition);
      }
    }
    return new TestingPartitions(partitions, order, maxOutOfOrderness);
  }

  /** The records as a step named and with uid {@code source}. */
  public DataStream<SourceRecord> stream(StreamExecutionEnvironment env, int parallelism) {
    return env.fromSource(this, WatermarkStrategy.noWatermarks(), "source", SourceRecord.TYPE)
        .setParallelism(parallelism)
        .uid("source");
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SplitEnumerator<Split, List<Split>> createEnumerator(
      SplitEnumeratorContext<Split> context) {
    List<Split> splits = new ArrayList<>();
    for (int partition = 0; partition < partitions.size(); partition++) {
      splits.add(new Split(partition, 0, EventTimeProgress.NONE, EventTimeProgress.NONE));
    }
    return new FixedSplitsEnumerator<>(context, splits);
  }

  @Override
  public SplitEnumerator<Split, List<Split>> restoreEnumerator(
      SplitEnumeratorContext<Split> context, List<Split> unassigned) {
    return new FixedSplitsEnumerator<>(context, unassigned);
  }

  @Override
  public SourceReader<SourceRecord, Split> createReader(SourceReaderContext context) {
    return new Reader(new EndTogether(context::sendSourceEventToCoordinator));
  }

  @Override
  public SimpleVersionedSerializer<Split> getSplitSerializer() {
    return new SplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<List<Split>> getEnumeratorCheckpointSerializer() {
    return new SplitListSerializer<>(getSplitSerializer());
  }

  /** A partition and how far it is read. */
  record Split(int partition, int position, long maxTimestamp, long emitted)
      implements SourceSplit, Serializable {
    @Override
    public String splitId() {
      return Integer.toString(partition);
    }
  }

  private static final class SplitSerializer implements SimpleVersionedSerializer<Split> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(Split split) throws IOException {
      DataOutputSerializer out = new DataOutputSerializer(24);
      out.writeInt(split.partition);
      out.writeInt(split.position);
      out.writeLong(split.maxTimestamp);
      out.writeLong(split.emitted);
      return out.getCopyOfBuffer();
    }

    @Override
    public Split deserialize(int version, byte[] bytes) throws IOException {
      DataInputDeserializer in = new DataInputDeserializer(bytes);
      return new Split(in.readInt(), in.readInt(), in.readLong(), in.readLong());
    }
  }

  /** A partition on its way. */
  private static final class Cursor {
    private final List<byte[]> records;
    private final EventTimeProgress progress;
    private int position;
    // Steps of the script that the records before the position took.
    private int skip;
    private SourceOutput<SourceRecord> output;

    Cursor(Split split, List<byte[]> records) {
      this.records = records;
      progress = new EventTimeProgress(split.maxTimestamp, split.emitted);
      position = split.position;
      skip = split.position;
    }

    boolean atEnd() {
      return position == records.size();
    }
  }

  private final class Reader implements SourceReader<SourceRecord, Split> {
    private final SplitEmitter emitter = new SplitEmitter(maxOutOfOrderness);
    private final EventParser parser = new EventParser();
    private final Map<Integer, Cursor> cursors = new TreeMap<>();
    private final CompletableFuture<Void> assigned = new CompletableFuture<>();
    private final EndTogether ending;
    private boolean started;
    private int step;

    Reader(EndTogether ending) {
      this.ending = ending;
    }

    @Override
    public void start() {}

    @Override
    public void addSplits(List<Split> splits) {
      splits.forEach(s -> cursors.put(s.partition, new Cursor(s, partitions.get(s.partition))));
    }

    @Override
    public void notifyNoMoreSplits() {
      assigned.complete(null);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return ending.available(assigned);
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
      ending.handle(event);
    }

    @Override
    public InputStatus pollNext(ReaderOutput<SourceRecord> output) {
      if (!assigned.isDone()) {
        return InputStatus.NOTHING_AVAILABLE;
      }
      if (!started) {
        started = true;
        begin(output);
      }
      while (step < script.size()) {
        int partition = script.get(step++);
        Cursor cursor = cursors.get(partition);
        if (cursor != null && cursor.skip-- <= 0) {
          byte[] value = cursor.records.get(cursor.position++);
          emitter.emit(parser.parse(value, Long.MAX_VALUE), cursor.output, cursor.progress);
          releaseAtEnd(partition, output);
          return InputStatus.MORE_AVAILABLE;
        }
      }
      return ending.poll(output);
    }

    private void begin(ReaderOutput<SourceRecord> output) {
      cursors.forEach(
          (partition, cursor) -> {
            cursor.output = output.createOutputForSplit(Integer.toString(partition));
            emitter.resume(cursor.output, cursor.progress);
          });
      cursors.keySet().forEach(partition -> releaseAtEnd(partition, output));
    }

    private void releaseAtEnd(int partition, ReaderOutput<SourceRecord> output) {
      if (cursors.get(partition).atEnd()) {
        output.releaseOutputForSplit(Integer.toString(partition));
        // Makes Flink look at once at what holds the watermark back now, not by its timer.
        cursors.values().stream()
            .filter(other -> !other.atEnd())
            .findAny()
            .ifPresent(other -> other.output.markActive());
      }
    }

    @Override
    public List<Split> snapshotState(long checkpointId) {
      List<Split> splits = new ArrayList<>();
      cursors.forEach(
          (partition, c) ->
              splits.add(
                  new Split(
                      partition, c.position, c.progress.maxTimestamp(), c.progress.emitted())));
      return splits;
    }

    @Override
    public void close() {}
  }
}
