package io.flinkblocks.config;

/**
 * Something the user can put right: shown as one line without a stack trace.
 *
 * <p>The message names what is wrong; the cure says what to do.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String cure;

  public UserError(String problem, String cure) {
    this(problem, cure, null);
  }

  public UserError(String problem, String cure, Throwable cause) {
    super(problem, cause);
    this.cure = cure;
  }

  /** What to do about it, a phrase that can stand after the message. */
  public String cure() {
    return cure;
  }

  /** With the cure: over REST a failed job's exception arrives as text only. */
  @Override
  public String toString() {
    return getClass().getName() + ": " + getMessage() + " | cure: " + cure;
  }
}
