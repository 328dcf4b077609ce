package io.flinkblocks.generator;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Shows how far a run is: on a terminal in one line that changes, elsewhere now and then a line.
 */
final class Progress {
  private static final long ON_TERMINAL = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long ELSEWHERE = TimeUnit.SECONDS.toNanos(5);

  private final long records;
  private final PrintStream err;
  private final boolean terminal;
  private final long interval;
  private final long start = System.nanoTime();
  private long shown = start;
  private boolean line;

  /**
   * @param records how many events there will be; 0 = no limit
   * @param err where to show it; null for nowhere
   */
  Progress(long records, PrintStream err) {
    this.records = records;
    this.err = err;
    this.terminal = err != null && isTerminal();
    this.interval = terminal ? ON_TERMINAL : ELSEWHERE;
  }

  /** Java knows only whether standard input and output are terminals. */
  private static boolean isTerminal() {
    try {
      ProcessBuilder test = new ProcessBuilder("sh", "-c", "test -t 2");
      return test.redirectError(ProcessBuilder.Redirect.INHERIT).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Shows the number of events so far, if it is time to. */
  void show(long sent) {
    long now = System.nanoTime();
    if (err == null || now - shown < interval) {
      return;
    }
    shown = now;
    String share = records == 0 ? "" : String.format(Locale.ROOT, " (%d %%)", 100 * sent / records);
    String text =
        String.format(Locale.ROOT, "%,d events%s, %,.0f/s", sent, share, sent / seconds(now));
    if (terminal) {
      clear();
      err.print(text);
      err.flush();
      line = true;
    } else {
      err.println(text);
    }
  }

  /** Takes the changing line away. */
  void clear() {
    if (line) {
      err.print("\r\033[K");
      line = false;
    }
  }

  /** Shows the summary. */
  void done(long sent, String where) {
    if (err != null) {
      clear();
      double seconds = seconds(System.nanoTime());
      err.printf(
          Locale.ROOT,
          "%,d events in %.1f s, %,.0f events/s, to %s%n",
          sent,
          seconds,
          sent / seconds,
          where);
    }
  }

  private double seconds(long now) {
    return Math.max(1, now - start) / 1e9;
  }
}
