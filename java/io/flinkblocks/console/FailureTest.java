package io.flinkblocks.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.UserError;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTest {
  private static final String USER_ERROR = "io.flinkblocks.config.UserError: ";

  private static String trace(String cause) {
    return "org.apache.flink.runtime.client.JobExecutionException: Job execution failed.\n"
        + "\tat org.apache.flink.runtime.jobmaster.JobResult.toJobExecutionResult(JobResult.java)\n"
        + "\t... 5 more\n"
        + ("Caused by: " + cause + "\n")
        + "\tat java.base/java.lang.Thread.run(Thread.java:840)\n";
  }

  @Test
  void userErrorAnywhereInTheChain() {
    UserError error = new UserError("no topic a", "create it", new IllegalStateException("x"));
    Failure failure = Failure.of(new CompletionException(new RuntimeException(error)));
    assertEquals("no topic a; create it", failure.line());
    assertTrue(failure.trace().contains("\tat io.flinkblocks"));
  }

  @Test
  void userErrorThatCameFromAnotherJvm() {
    String wrapped = USER_ERROR + USER_ERROR + "no topic a";
    assertEquals("no topic a", Failure.of(trace(wrapped)).line());
    String full = trace(wrapped) + "Caused by: " + USER_ERROR + "no topic a | cure: create it\n";
    assertEquals("no topic a; create it", Failure.of(full).line());
  }

  @Test
  void stateOfAnotherJob() {
    String flink =
        "java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint."
            + " Cannot map checkpoint/savepoint state for operator 4aa1 to the new program";
    assertEquals(
        "the savepoint has state that this job has no place for; resume with the block,"
            + " version and flags (--engine, --window-types) that wrote it",
        Failure.of(trace(flink)).line());
  }

  @Test
  void deepestCauseWithoutUserError() {
    assertEquals(
        "BadThing: no luck; --verbose shows the stack trace",
        Failure.of(trace("a.b.Outer$BadThing: no\nluck")).line());
    assertEquals(
        "NullPointerException", Failure.of(trace("java.lang.NullPointerException")).problem());
  }

  @ParameterizedTest
  @CsvSource({"'', unknown cause", "'a: b\nc', a: b"})
  void textThatIsNoTrace(String text, String problem) {
    assertEquals(problem, Failure.of(text).problem());
  }
}
