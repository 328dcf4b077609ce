package io.flinkblocks.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One run of the generator's command line. */
final class Generation {
  // Between two looks at the clock; some milliseconds at full speed.
  private static final int LOOK_EVERY = 2048;
  private static final long MIN_SLEEP = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long MAX_SLEEP = TimeUnit.MILLISECONDS.toNanos(50);

  private final TrafficOptions options;
  private final Settings settings;
  private final PrintStream err;

  Generation(TrafficOptions options, Settings settings, PrintStream err) {
    this.options = options;
    this.settings = settings;
    this.err = settings.is("quiet") ? null : err;
  }

  /**
   * Generates until all is done, the run is stopped, or a pipe's reader has enough.
   *
   * @throws UserError when the target cannot be opened or written to
   */
  void run(BooleanSupplier stopped) {
    try (Target target = Target.open(settings);
        OutputStream labels = Target.openLabels(settings)) {
      // Its clock runs from here on: to connect is no part of the rate.
      Progress progress = new Progress(options.records(), err);
      try {
        long sent = generate(target, labels, progress, stopped);
        target.finish();
        progress.done(sent, target.toString());
      } finally {
        progress.clear();
      }
    } catch (Target.ReaderGone e) {
      // Then nothing more is to be done.
    } catch (IOException e) {
      throw new UserError("the labels cannot be written: " + e.getMessage(), "free space", e);
    }
  }

  private long generate(
      Target target, OutputStream labels, Progress progress, BooleanSupplier stopped)
      throws IOException {
    ShopTraffic traffic = ShopTraffic.whole(options);
    Pacer pacer = options.rate() > 0 ? new Pacer(options.rate(), System::nanoTime) : null;
    while (traffic.next() < options.limit() && !stopped.getAsBoolean()) {
      long wait = pacer == null ? 0 : pacer.take();
      if (wait > 0) {
        target.flush();
        progress.show(traffic.next());
        LockSupport.parkNanos(Math.min(Math.max(wait, MIN_SLEEP), MAX_SLEEP));
        continue;
      }
      traffic.advance();
      target.write(traffic);
      if (traffic.label() != null && labels != null) {
        labels.write((traffic.label().toJson() + "\n").getBytes(UTF_8));
      }
      if (traffic.next() % LOOK_EVERY == 0) {
        progress.show(traffic.next());
      }
    }
    return traffic.next();
  }
}
