package io.flinkblocks.window;

import io.flinkblocks.output.Amount;
import io.flinkblocks.output.OutputRecord;
import java.util.List;
import java.util.function.Consumer;

/** What the panes of a window come to. Of use until the next pane changes. */
public interface Result {
  /** Emits the records of the window. */
  void emit(Firing firing, Consumer<OutputRecord> out);

  /** See {@link Aggregator#amount}. */
  Amount amount();

  /** The result of panes that are added up now. */
  static <A> Result of(Aggregator<A> aggregator, List<A> parts) {
    return parts.size() == 1
        ? new OfOne<>(aggregator, parts.get(0)) // No need to copy it into a sum.
        : new OfPanes<>(aggregator, parts);
  }

  /** Of a window with events in one pane. */
  record OfOne<A>(Aggregator<A> aggregator, A part) implements Result {
    @Override
    public void emit(Firing firing, Consumer<OutputRecord> out) {
      aggregator.emit(firing, part, out);
    }

    @Override
    public Amount amount() {
      return aggregator.amount(part);
    }
  }

  /** Of a window with events in several. */
  record OfPanes<A>(Aggregator<A> aggregator, List<A> parts) implements Result {
    @Override
    public void emit(Firing firing, Consumer<OutputRecord> out) {
      aggregator.emitPanes(firing, parts, out);
    }

    @Override
    public Amount amount() {
      throw new UnsupportedOperationException("what is compared has a rolling sum");
    }
  }
}
