package io.flinkblocks.bench;

import com.sun.management.OperatingSystemMXBean;
import io.flinkblocks.bench.floor.Floor;
import io.flinkblocks.bench.ours.Ours;
import io.flinkblocks.bench.sql.SqlJob;
import io.flinkblocks.bench.stock.StockJob;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The process that an arm runs in: warm-up runs in this JVM until they took a number of seconds of
 * CPU time, then the run that is measured. Whoever measures sees from outside how far the input
 * file was read.
 *
 * <pre>ARM WORKLOAD WARM_UP_SECONDS WARM_UP_INPUT INPUT OUTPUT</pre>
 */
public final class Arms {
  private static final Map<String, Arm> ARMS =
      Map.of(
          "ours", new Ours(),
          "stock", new StockJob(),
          "sql", SqlJob.stock(),
          "sql-tuned", SqlJob.tuned(),
          "floor", new Floor());

  private static final int FAILED = 1;

  private Arms() {}

  /** Exit code 0, or 1 with a stack trace on standard error. */
  public static void main(String[] args) {
    try {
      run(
          ARMS.get(args[0]),
          args[1],
          TimeUnit.SECONDS.toNanos(Long.parseLong(args[2])),
          Path.of(args[3]),
          Path.of(args[4]),
          Path.of(args[5]));
      // Flink may leave threads behind that are no daemons.
      System.exit(0);
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(FAILED);
    }
  }

  private static void run(
      Arm arm, String workload, long warmUpNanos, Path warmUpInput, Path input, Path output)
      throws Exception {
    // Not wall time: on a busy machine that would be too little to warm up.
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long start = process.getProcessCpuTime();
    while (process.getProcessCpuTime() - start < warmUpNanos) {
      run(arm, new Run(workload, warmUpInput, output));
    }
    run(arm, new Run(workload, input, output));
  }

  private static void run(Arm arm, Run run) throws Exception {
    run.clearOutput();
    arm.run(run);
  }
}
