package io.flinkblocks.console;

import io.flinkblocks.console.Snapshot.Checkpoints;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The same facts repainted in place on a terminal. */
final class PanelFace extends Face {
  private static final String ESCAPE = "\033[";
  private static final String CLEAR_BELOW = ESCAPE + "J";
  // Lines that are too long for the terminal are cut by it, whatever its width: a line that went on
  // in the next row would spoil the count of lines to go up.
  private static final String NO_WRAP = ESCAPE + "?7l";
  private static final String WRAP = ESCAPE + "?7h";
  private static final String BOLD = ESCAPE + "1m";
  private static final String PLAIN = ESCAPE + "0m";

  private List<String> panel = List.of();

  PanelFace(PrintStream out) {
    super(out);
  }

  @Override
  public long intervalMs() {
    return 1000;
  }

  @Override
  public void update(Snapshot snapshot) {
    paint("", lines(snapshot));
  }

  /** A line above the panel. */
  @Override
  public void note(String text) {
    paint(text + "\n", panel);
  }

  /** Takes the panel away. */
  @Override
  public void close() {
    paint("", List.of());
  }

  private void paint(String above, List<String> lines) {
    if (panel.isEmpty() && lines.isEmpty()) {
      print(above);
      return;
    }
    StringBuilder text = new StringBuilder();
    if (!panel.isEmpty()) {
      // The last line has no line end: from it up to the first.
      text.append('\r').append(panel.size() == 1 ? "" : ESCAPE + (panel.size() - 1) + "A");
    }
    text.append(CLEAR_BELOW).append(above);
    text.append(NO_WRAP).append(String.join("\n", lines)).append(WRAP);
    panel = lines;
    print(text.toString());
  }

  static List<String> lines(Snapshot s) {
    List<String> lines = new ArrayList<>();
    String state = s.job().state() + (s.job().reachable() ? "" : ", no answer");
    lines.add(
        String.join("  ", BOLD + s.job().name(), state, Wording.clock(s.job().uptimeMs()) + PLAIN));
    String rate = s.flow().rate() == null ? "" : Wording.rate(s.flow().rate());
    boolean ended = s.eventTime().inputEnded();
    lines.add(
        row(
            "records in",
            s.flow().recordsIn(),
            rate,
            "watermark",
            ended ? "end of input" : Wording.instant(s.eventTime().watermarkMs())));
    lines.add(
        row(
            "records out",
            s.flow().recordsOut(),
            "",
            "behind",
            ended ? Wording.UNKNOWN : Wording.span(s.eventTime().lagMs())));
    Long splits = s.splits().splits();
    lines.add(
        row(
            "late",
            s.flow().late(),
            "",
            "idle",
            splits == null
                ? Wording.UNKNOWN
                : s.splits().idleSplits() + " of " + Wording.plural(splits, "split")));
    lines.add(
        row(
            "dead-lettered",
            s.flow().deadLettered(),
            "",
            "backpressure",
            Wording.share(s.backpressure().backpressure())));
    lines.add(row("checkpoints", checkpoints(s.checkpoints())));
    if (!s.flow().outputs().isEmpty()) {
      lines.add(
          row(
              "outputs",
              s.flow().outputs().entrySet().stream()
                  .map(output -> output.getKey() + " " + Wording.count(output.getValue()))
                  .collect(Collectors.joining("  "))));
    }
    if (s.job().restarts() > 0) {
      lines.add(row("restarts", Wording.count(s.job().restarts())));
    }
    if (s.job().lastFailure() != null) {
      lines.add(row("last failure", s.job().lastFailure()));
    }
    lines.add("Ctrl-C stops cleanly");
    return lines;
  }

  private static String checkpoints(Checkpoints done) {
    String text = Wording.count(done.completed());
    if (done.ageMs() != null) {
      String ago = Wording.span(done.ageMs() / 1000 * 1000);
      String took = Wording.span(done.durationMs()) + ", " + Wording.size(done.sizeBytes());
      text += ", the last " + ago + " ago took " + took;
    }
    return done.failed() > 0 ? text + ", " + Wording.count(done.failed()) + " failed" : text;
  }

  private static String row(String name, String text) {
    return Wording.format("%-13s %s", name, text);
  }

  private static String row(String name, Long number, String rate, String other, String value) {
    return Wording.format(
        "%-13s %13s %-10s %-12s %s", name, Wording.count(number), rate, other, value);
  }
}
