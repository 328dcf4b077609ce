package io.flinkblocks.run;

import io.flinkblocks.console.Summary.Output;
import java.util.List;

/**
 * What run control has to know of a run.
 *
 * @param name of the job, for the summary
 * @param statePath the {@code --checkpoint-path}; savepoints go below it
 * @param bounded whether the input has an end: then a stop drains it, else it leaves a savepoint to
 *     resume from
 * @param durationMs wall clock from the time that all tasks run until it is stopped; 0 for no end
 * @param outputs what it writes, for the summary
 * @param analyses names of those that must appear in the accounting
 * @param command the command line of this run, for the one that resumes
 * @param resumed whether it continues from a savepoint, so that the counters include earlier runs
 * @param embedded whether the job lives in this JVM
 * @param verbose whether a failure shows its stack trace
 */
record RunOptions(
    String name,
    String statePath,
    boolean bounded,
    long durationMs,
    List<Output> outputs,
    List<String> analyses,
    List<String> command,
    boolean resumed,
    boolean embedded,
    boolean verbose) {}
