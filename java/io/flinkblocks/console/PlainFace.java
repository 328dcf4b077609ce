package io.flinkblocks.console;

import java.io.PrintStream;
import java.util.StringJoiner;

/** One line every few seconds, for logs and pipes. */
final class PlainFace extends Face {
  PlainFace(PrintStream out) {
    super(out);
  }

  @Override
  public long intervalMs() {
    return 5000;
  }

  @Override
  public void update(Snapshot snapshot) {
    write(line(snapshot));
  }

  /** A snapshot as one line; what is not known is left out. */
  static String line(Snapshot s) {
    StringJoiner parts = new StringJoiner(", ");
    String state = s.job().state() + (s.job().reachable() ? "" : " (no answer)");
    parts.add(Wording.clock(s.job().uptimeMs()) + " " + state);
    if (s.flow().recordsIn() != null) {
      String rate = s.flow().rate() == null ? "" : " (" + Wording.rate(s.flow().rate()) + ")";
      parts.add("in " + Wording.count(s.flow().recordsIn()) + rate);
    }
    add(parts, "out ", s.flow().recordsOut());
    if (s.eventTime().inputEnded()) {
      parts.add("watermark end of input");
    } else if (s.eventTime().watermarkMs() != null) {
      parts.add("watermark " + Wording.instant(s.eventTime().watermarkMs()));
      parts.add("lag " + Wording.span(s.eventTime().lagMs()));
    }
    Long idle = s.splits().idleSplits();
    if (idle != null && idle > 0) {
      parts.add("idle " + idle + " of " + s.splits().splits() + " splits");
    }
    add(parts, "late ", s.flow().late());
    add(parts, "dead-lettered ", s.flow().deadLettered());
    if (s.checkpoints().completed() > 0) {
      parts.add(Wording.plural(s.checkpoints().completed(), "checkpoint"));
    }
    Double pressure = s.backpressure().backpressure();
    if (pressure != null && pressure > 0) {
      parts.add("backpressure " + Wording.share(pressure));
    }
    if (s.job().restarts() > 0) {
      parts.add(Wording.plural(s.job().restarts(), "restart"));
    }
    return parts.toString();
  }

  private static void add(StringJoiner parts, String name, Long number) {
    if (number != null) {
      parts.add(name + Wording.count(number));
    }
  }
}
