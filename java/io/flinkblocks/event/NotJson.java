package io.flinkblocks.event;

/**
 * The record is not valid JSON.
 *
 * <p>One shared instance without a stack trace: it only carries control out of the scanner, and a
 * stream of broken records must not cost a stack walk each.
 */
public final class NotJson extends Exception {
  static final NotJson INSTANCE = new NotJson();

  private NotJson() {
    super("not JSON", null, false, false);
  }
}
