package io.flinkblocks.bench;

/** One way to compute a workload. */
@FunctionalInterface
public interface Arm {
  /** Computes it once, from the first line of the input to the last of the output. */
  void run(Run run) throws Exception;
}
