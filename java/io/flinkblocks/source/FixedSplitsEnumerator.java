package io.flinkblocks.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;

/**
 * Deals out splits that are all known at the start, one after the other to the readers in turn.
 *
 * <p>A reader gets all of its splits when it registers, and then the word that there are no more: a
 * reader that waits for it knows every split that must hold the watermark back. The state is the
 * splits that no reader has yet.
 *
 * <p>It is the readers' counterpart in {@link EndTogether}.
 */
public final class FixedSplitsEnumerator<S extends SourceSplit>
    implements SplitEnumerator<S, List<S>> {
  private final SplitEnumeratorContext<S> context;
  private final List<S> splits;
  private final Map<Integer, List<S>> pending = new TreeMap<>();
  private final EndTogether.Reports reports;

  /**
   * @param splits all splits, or the ones that were not assigned when the state was kept
   */
  public FixedSplitsEnumerator(SplitEnumeratorContext<S> context, List<S> splits) {
    this.context = context;
    this.splits = List.copyOf(splits);
    this.reports = new EndTogether.Reports(context);
  }

  @Override
  public void start() {
    for (int i = 0; i < splits.size(); i++) {
      pendingFor(i % context.currentParallelism()).add(splits.get(i));
    }
  }

  private List<S> pendingFor(int subtask) {
    return pending.computeIfAbsent(subtask, none -> new ArrayList<>());
  }

  @Override
  public void addReader(int subtask) {
    reports.forget(subtask);
    List<S> own = pending.remove(subtask);
    if (own != null) {
      context.assignSplits(new SplitsAssignment<>(Map.of(subtask, own)));
    }
    context.signalNoMoreSplits(subtask);
  }

  @Override
  public void addSplitsBack(List<S> back, int subtask) {
    reports.forget(subtask);
    pendingFor(subtask).addAll(back);
  }

  @Override
  public void handleSourceEvent(int subtask, SourceEvent event) {
    reports.handle(subtask, event);
  }

  @Override
  public List<S> snapshotState(long checkpointId) {
    return pending.values().stream().flatMap(List::stream).toList();
  }

  @Override
  public void handleSplitRequest(int subtask, String host) {
    // Nobody has to ask.
  }

  @Override
  public void close() {}
}
