package io.flinkblocks.generator;

import io.flinkblocks.event.EventParser;
import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.source.EndTogether;
import io.flinkblocks.source.EventTimeProgress;
import io.flinkblocks.source.SplitEmitter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;

/**
 * Generates the events of one subtask's lanes in the task's own thread.
 *
 * <p>The event with the smallest number comes next, whichever lane it belongs to: event time stays
 * the same in all lanes, and a single reader produces the stream in its order.
 */
final class GeneratorReader implements SourceReader<SourceRecord, GeneratorSplit> {
  // A shorter sleep costs more than it gains; what is due in the meantime comes at once after it.
  private static final long MIN_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long NONE_LEFT = Long.MAX_VALUE;

  private final GeneratorSource source;
  private final SplitEmitter emitter;
  private final EndTogether ending;
  private final EventParser parser = new EventParser();
  private final Counter records;
  private final List<Reading> lanes = new ArrayList<>();
  private final CompletableFuture<Void> assigned = new CompletableFuture<>();
  private CompletableFuture<Void> available = assigned;
  // The number of each lane's next event, NONE_LEFT at its end; null until they are all known.
  private long[] next;
  private Pacer pacer;

  /** A lane that is being read. */
  private static final class Reading {
    final GeneratorSplit start;
    final ShopTraffic traffic;
    final EventTimeProgress progress;
    SourceOutput<SourceRecord> output;

    Reading(GeneratorSplit split, TrafficOptions options) {
      start = split;
      traffic = ShopTraffic.ofLane(options, split.lane());
      traffic.seek(split.next());
      progress = new EventTimeProgress(split.maxTimestamp(), split.emitted());
    }

    GeneratorSplit snapshot() {
      return new GeneratorSplit(
          start.lane(),
          traffic.next(),
          start.firstStart(),
          progress.maxTimestamp(),
          progress.emitted());
    }
  }

  GeneratorReader(SourceReaderContext context, GeneratorSource source, SplitEmitter emitter) {
    this.source = source;
    this.emitter = emitter;
    this.ending = new EndTogether(context::sendSourceEventToCoordinator);
    this.records = context.metricGroup().getIOMetricGroup().getNumRecordsInCounter();
  }

  @Override
  public void start() {}

  @Override
  public void addSplits(List<GeneratorSplit> splits) {
    splits.forEach(split -> lanes.add(new Reading(split, source.options())));
  }

  @Override
  public void notifyNoMoreSplits() {
    assigned.complete(null);
  }

  /** Incomplete until all lanes are known, while the rate allows no event, and before the end. */
  @Override
  public CompletableFuture<Void> isAvailable() {
    return ending.available(available);
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
    if (next == null) {
      begin(output);
    }
    int turn = turn();
    if (turn < 0) {
      return ending.poll(output);
    }
    long wait = pacer == null ? 0 : pacer.take();
    if (wait > 0) {
      available =
          new CompletableFuture<Void>()
              .completeOnTimeout(null, Math.max(wait, MIN_SLEEP_NANOS), TimeUnit.NANOSECONDS);
      return InputStatus.NOTHING_AVAILABLE;
    }
    emit(lanes.get(turn));
    move(turn, output);
    return InputStatus.MORE_AVAILABLE;
  }

  private void begin(ReaderOutput<SourceRecord> output) {
    for (Reading lane : lanes) {
      lane.output = output.createOutputForSplit(lane.start.splitId());
      emitter.resume(lane.output, lane.progress);
    }
    next = lanes.stream().mapToLong(lane -> lane.traffic.next()).toArray();
    for (int lane = 0; lane < next.length; lane++) {
      move(lane, output);
    }
    double rate = source.options().rate();
    if (rate > 0 && next.length > 0) {
      pacer = new Pacer(rate * next.length / source.lanes(), System::nanoTime);
    }
  }

  /** The lane whose event is the next in the stream; -1 when all are at their end. */
  private int turn() {
    int turn = -1;
    long smallest = NONE_LEFT;
    for (int lane = 0; lane < next.length; lane++) {
      if (next[lane] < smallest) {
        smallest = next[lane];
        turn = lane;
      }
    }
    return turn;
  }

  private void emit(Reading lane) {
    lane.traffic.advance();
    records.inc();
    SourceRecord record =
        parser.parse(lane.traffic.value(), lane.start.firstStart() + source.maxFuture());
    emitter.emit(record, lane.output, lane.progress);
  }

  /** Notes which event is the lane's next. */
  private void move(int lane, ReaderOutput<SourceRecord> output) {
    next[lane] = lanes.get(lane).traffic.next();
    if (next[lane] < source.options().limit()) {
      return;
    }
    next[lane] = NONE_LEFT;
    output.releaseOutputForSplit(lanes.get(lane).start.splitId());
    int other = turn();
    if (other >= 0) {
      // The lane may have held the watermark back: let Flink look at once, not by its timer.
      lanes.get(other).output.markActive();
    }
  }

  /** Lanes at their end too: a run with more records goes on with them. */
  @Override
  public List<GeneratorSplit> snapshotState(long checkpointId) {
    return lanes.stream().map(Reading::snapshot).toList();
  }

  /**
   * Nothing to do: the lanes of a reader are at the same event time, so that Flink makes the reader
   * wait as a whole.
   */
  @Override
  public void pauseOrResumeSplits(Collection<String> pause, Collection<String> resume) {}

  @Override
  public void close() {}
}
