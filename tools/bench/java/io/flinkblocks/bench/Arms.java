package io.flinkblocks.bench;

import com.sun.management.OperatingSystemMXBean;
import io.flinkblocks.bench.floor.Floor;
import io.flinkblocks.bench.ours.Ours;
import io.flinkblocks.bench.sql.SqlJob;
import io.flinkblocks.bench.stock.StockJob;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The process that an arm runs in: warm-up runs in this JVM until they took a number of seconds of
 * CPU time, then the run that is measured. Whoever measures sees from outside how far the input
 * file was read.
 *
 * <pre>ARM BLOCK WORKLOADS WARM_UP_SECONDS WARM_UP_INPUT INPUT OUTPUT STATE_BACKEND
 * CHECKPOINT_SECONDS</pre>
 *
 * <p>A workload is its analyses, with {@code +} between them, or nothing to parse alone; then, with
 * spaces between them, flags of the block. Workloads have a semicolon between them, and run one
 * after the other. The first one's outputs are in {@code OUTPUT/0}. Behind {@code --} another arm
 * follows, with all its arguments.
 */
public final class Arms {
  private static final Map<String, Arm> ARMS =
      Map.of(
          "ours",
          new Ours(),
          "stock",
          new StockJob(),
          "sql",
          SqlJob.stock(),
          "sql-without-doubles",
          SqlJob.withoutDoubles(),
          "sql-tuned",
          SqlJob.tuned(),
          "sql-mini-batch",
          SqlJob.miniBatch(),
          "floor",
          new Floor());

  private static final String NEXT = "--";
  private static final int FAILED = 1;

  private Arms() {}

  /** Exit code 0, or 1 with a stack trace on standard error. */
  public static void main(String[] args) {
    try {
      for (List<String> call : calls(args)) {
        run(call.toArray(String[]::new));
      }
      // Flink may leave threads behind that are no daemons.
      System.exit(0);
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(FAILED);
    }
  }

  private static List<List<String>> calls(String[] args) {
    List<List<String>> calls = new ArrayList<>(List.of(new ArrayList<>()));
    for (String word : args) {
      if (word.equals(NEXT)) {
        calls.add(new ArrayList<>());
      } else {
        calls.get(calls.size() - 1).add(word);
      }
    }
    return calls;
  }

  private static void run(String[] args) throws Exception {
    Arm arm = ARMS.get(args[0]);
    String block = args[1];
    String[] workloads = args[2].split(";", -1);
    long warmUpNanos = TimeUnit.SECONDS.toNanos(Long.parseLong(args[3]));
    Path warmUpInput = Path.of(args[4]);
    Path input = Path.of(args[5]);
    Duration checkpointInterval = Duration.ofSeconds(Long.parseLong(args[8]));
    StateOptions state = new StateOptions(args[7], checkpointInterval);
    for (int i = 0; i < workloads.length; i++) {
      String[] words = workloads[i].split(" ");
      List<String> analyses = words[0].isEmpty() ? List.of() : List.of(words[0].split("\\+"));
      List<String> flags = List.of(words).subList(1, words.length);
      Path output = Path.of(args[6], Integer.toString(i));
      warmUp(arm, new Run(block, analyses, flags, warmUpInput, output, state), warmUpNanos);
      run(arm, new Run(block, analyses, flags, input, output, state));
    }
  }

  private static void warmUp(Arm arm, Run run, long nanos) throws Exception {
    // Not wall time: on a busy machine that would be too little to warm up.
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long start = process.getProcessCpuTime();
    while (process.getProcessCpuTime() - start < nanos) {
      run(arm, run);
    }
  }

  private static void run(Arm arm, Run run) throws Exception {
    run.clearOutput();
    arm.run(run);
  }
}
