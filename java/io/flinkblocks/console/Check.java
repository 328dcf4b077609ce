package io.flinkblocks.console;

/**
 * One thing that a run needs.
 *
 * @param name what was looked at: Java, Kafka
 * @param ok whether the run can do with it
 * @param detail what was found
 * @param cure what to do when it is not ok
 */
public record Check(String name, boolean ok, String detail, String cure) {
  /** One that is fine. */
  public static Check ok(String name, String detail) {
    return new Check(name, true, detail, "");
  }

  /** As one line. */
  String line() {
    String text = (ok ? "ok   " : "FAIL ") + name + ": " + detail;
    return ok || cure.isEmpty() ? text : text + "; " + cure;
  }
}
