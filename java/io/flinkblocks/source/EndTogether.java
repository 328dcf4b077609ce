package io.flinkblocks.source;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;

/**
 * The end of one reader of a bounded source, which comes when all the others are at theirs, too.
 *
 * <p>A subtask that has ended is finished for Flink, and later checkpoints do not hold its operator
 * state any more: after a restart the {@link Tally} counts of the source and of what is chained
 * behind it would be missing. So a reader at its end reports that to the enumerator and waits as a
 * running task; when all have reported, the enumerator dismisses them all.
 *
 * <p>They are dismissed at once, so their ends are milliseconds apart. A checkpoint just in between
 * lacks the counts of those that have ended, not any record: a run resumed from exactly that one
 * says at its end that its accounts do not add up.
 *
 * <p>A waiting reader's watermark is already at infinity, as Flink itself sets it for an ended one:
 * it holds nobody back, and what is late depends on the subtasks that still read. To mark it idle
 * instead would not do: Flink drops an idle input's watermarks, the last one included.
 *
 * <p>Nothing of this is in a checkpoint. A reader that starts again, for whatever reason, registers
 * again, which takes its report back, and reports anew at its end. A drain or stop goes past the
 * reader and does not wait for anybody.
 */
public final class EndTogether {
  private final Consumer<SourceEvent> enumerator;
  private final CompletableFuture<Void> dismissed = new CompletableFuture<>();
  private boolean reported;

  /**
   * @param enumerator where the report goes: the reader context's {@code
   *     sendSourceEventToCoordinator}
   */
  public EndTogether(Consumer<SourceEvent> enumerator) {
    this.enumerator = enumerator;
  }

  /**
   * What {@code pollNext} returns when all splits are read, or there are none.
   *
   * @param output of the reader, its splits' outputs being released
   */
  public InputStatus poll(ReaderOutput<?> output) {
    if (!reported) {
      reported = true;
      output.emitWatermark(Watermark.MAX_WATERMARK);
      enumerator.accept(new AllRead());
    }
    return dismissed.isDone() ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
  }

  /**
   * What {@code isAvailable} returns.
   *
   * @param reading when the next record can be read; counts until all are
   */
  public CompletableFuture<Void> available(CompletableFuture<Void> reading) {
    return reported ? dismissed : reading;
  }

  /** To be called in {@code handleSourceEvents}. */
  public void handle(SourceEvent event) {
    if (event instanceof Dismissal) {
      dismissed.complete(null);
    }
  }

  /** The reports, in the enumerator. */
  static final class Reports {
    private final SplitEnumeratorContext<?> context;
    private final Set<Integer> reported = new TreeSet<>();
    private final Set<Integer> dismissed = new TreeSet<>();

    Reports(SplitEnumeratorContext<?> context) {
      this.context = context;
    }

    /** The subtask starts again: what it was told, and what it reported, is void. */
    void forget(int subtask) {
      reported.remove(subtask);
      dismissed.remove(subtask);
    }

    void handle(int subtask, SourceEvent event) {
      if (!(event instanceof AllRead)) {
        return;
      }
      reported.add(subtask);
      // One that has failed is unregistered at once, and reset only later; it cannot be told now.
      reported.retainAll(context.registeredReaders().keySet());
      if (reported.size() < context.currentParallelism()) {
        return;
      }
      for (int reader : reported) {
        // One that has ended before another's restart cannot be told again.
        if (dismissed.add(reader)) {
          context.sendEventToSourceReader(reader, new Dismissal());
        }
      }
    }
  }

  /** From a reader: all of its splits are read. */
  record AllRead() implements SourceEvent {}

  /** To a reader: those of all are. */
  record Dismissal() implements SourceEvent {}
}
