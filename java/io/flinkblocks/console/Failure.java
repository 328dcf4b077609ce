package io.flinkblocks.console;

import io.flinkblocks.config.UserError;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What went wrong, for people.
 *
 * <p>It is read out of the text of a stack trace: from another JVM an exception may come as text
 * only, and Flink's own wrapping leaves no more of a cause's class, either.
 *
 * @param problem what is wrong
 * @param cure what to do about it; empty when nobody knows
 * @param trace the stack trace
 */
public record Failure(String problem, String cure, String trace) {
  private static final String USER_ERROR = UserError.class.getName();
  private static final String CURE = " | cure: ";
  // Flink's words. Its own advice is an option that leaves the state behind.
  private static final String FOREIGN_STATE = "Cannot map checkpoint/savepoint state for operator";
  // Where a message ends and frames, or the next exception of the chain, begin.
  private static final String MESSAGE_END =
      "(?=\\n\\s*(?:at |\\.\\.\\. \\d+ |Caused by: |Suppressed: |\\[CIRCULAR)|\\s*\\z)";
  private static final Pattern OF_THE_USER =
      Pattern.compile(Pattern.quote(USER_ERROR) + ": (.*?)" + MESSAGE_END, Pattern.DOTALL);
  // The head of an exception: at the begin, or a cause.
  private static final Pattern HEAD =
      Pattern.compile(
          "(?:\\A\\s*|\\n\\s*Caused by: )((?:[\\w$]+\\.)+[\\w$]+)(?:: (.*?))?" + MESSAGE_END,
          Pattern.DOTALL);

  /** Of an exception. */
  public static Failure of(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return of(text.toString());
  }

  /** Of a stack trace: a UserError anywhere in it, else the deepest cause. */
  public static Failure of(String trace) {
    Failure user = null;
    for (MatchResult match : OF_THE_USER.matcher(trace).results().toList()) {
      String[] parts = match.group(1).split(Pattern.quote(CURE), 2);
      // Flink wraps an exception that it sends to another JVM: its class stands there twice then.
      String problem =
          parts[0].startsWith(USER_ERROR + ": ")
              ? parts[0].substring(USER_ERROR.length() + 2)
              : parts[0];
      // And its own text, with the cure, may follow or not.
      if (user == null || (user.cure.isEmpty() && parts.length > 1)) {
        user = new Failure(oneLine(problem), parts.length > 1 ? oneLine(parts[1]) : "", trace);
      }
    }
    if (user == null && trace.contains(FOREIGN_STATE)) {
      return new Failure(
          "the savepoint has state that this job has no place for",
          "resume with the block, version and flags (--engine, --window-types) that wrote it",
          trace);
    }
    return user != null ? user : ofBug(trace);
  }

  private static Failure ofBug(String trace) {
    String problem = trace.strip().lines().findFirst().orElse("unknown cause");
    List<MatchResult> heads = HEAD.matcher(trace).results().toList();
    if (!heads.isEmpty()) {
      MatchResult deepest = heads.get(heads.size() - 1);
      String name = deepest.group(1).replaceFirst(".*[.$]", "");
      problem = deepest.group(2) == null ? name : name + ": " + oneLine(deepest.group(2));
    }
    return new Failure(problem, "--verbose shows the stack trace", trace);
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  /** The one line that is shown. */
  public String line() {
    return cure.isEmpty() ? problem : problem + "; " + cure;
  }
}
