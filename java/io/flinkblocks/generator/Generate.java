package io.flinkblocks.generator;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The generator's command line: shop traffic to standard output, a file, or Kafka. */
public final class Generate {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;
  private static final long LAST_WORDS_SECONDS = 40;

  private volatile boolean interrupted;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    Generate generate = new Generate();
    CountDownLatch done = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> generate.interrupt(done)));
    int code = generate.run(args, System.getenv(), System.err);
    done.countDown();
    // After a signal the JVM is ending by itself, with the signal's exit code.
    if (!generate.interrupted) {
      System.exit(code);
    }
  }

  /** Ctrl-C: what was generated is still written out, and the summary shown. */
  private void interrupt(CountDownLatch done) {
    interrupted = done.getCount() > 0;
    try {
      if (!done.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("error: what was generated could not be written out in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int run(String[] args, Map<String, String> environment, PrintStream err) {
    CommandLine command = GenerateFlags.command();
    Settings settings;
    TrafficOptions options;
    try {
      var parsed = command.parseArgs(args);
      if (parsed.isUsageHelpRequested()) {
        command.usage(System.out);
        return 0;
      }
      settings = GenerateFlags.settings(parsed, environment);
      options = TrafficOptions.of(settings);
    } catch (ParameterException e) {
      err.println("error: " + e.getMessage() + "; --help lists the flags");
      return MISUSED;
    } catch (UserError e) {
      err.println("error: " + e.getMessage() + "; " + e.cure());
      return MISUSED;
    }
    try {
      new Generation(options, settings, err).run(() -> interrupted);
      return 0;
    } catch (UserError e) {
      err.println("error: " + e.getMessage() + "; " + e.cure());
      if (settings.is("verbose")) {
        e.printStackTrace(err);
      }
      return FAILED;
    }
  }
}
