package io.flinkblocks.console;

import java.io.PrintStream;
import java.util.Map;

/** Shows a run; each kind of face in its own way. */
public abstract class Face {
  private final PrintStream out;

  Face(PrintStream out) {
    this.out = out;
  }

  /**
   * The face for {@code --console}.
   *
   * @param mode auto, rich, plain or json; auto is rich on a terminal, else plain
   * @param env tells what kind of terminal it is
   */
  public static Face of(String mode, PrintStream out, Map<String, String> env) {
    boolean smart = Terminal.isThere() && !env.getOrDefault("TERM", "dumb").equals("dumb");
    return switch (mode.equals("auto") ? (smart ? "rich" : "plain") : mode) {
      case "rich" -> new PanelFace(out);
      case "json" -> new JsonFace(out);
      default -> new PlainFace(out);
    };
  }

  /** Between two snapshots that are worth showing. */
  public abstract long intervalMs();

  /** Shows a preflight check. */
  public void check(Check check) {
    write(check.line());
  }

  /** Shows how the job does. */
  public abstract void update(Snapshot snapshot);

  /** Shows one line about what happens. */
  public void note(String text) {
    write(text);
  }

  /** Shows how the run ended. */
  public void summary(Summary summary) {
    close();
    SummaryText.of(summary).forEach(this::write);
  }

  /** Ends what is live, so that other output can follow. */
  public void close() {}

  /** Whether whoever read the output has closed it, as {@code … | head} does. */
  public boolean gone() {
    return out.checkError();
  }

  /** Writes at once; when nobody reads any more, that is no error of the job. */
  final void write(String line) {
    print(line + "\n");
  }

  final void print(String text) {
    out.print(text);
    out.flush();
  }
}
