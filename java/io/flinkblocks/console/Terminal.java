package io.flinkblocks.console;

import java.io.Console;

/** Whether a person looks at standard output. */
final class Terminal {
  static boolean isThere() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From Java 22 on there is a console also without a terminal, and this method that tells.
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  private Terminal() {}
}
