package io.flinkblocks.flags;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The folders that relative paths and defaults start from.
 *
 * @param folder the working folder of whoever started the program
 * @param home the user's home folder
 * @param stateHome where programs keep what should survive a restart
 */
record Place(String folder, String home, String stateHome) {
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*", Pattern.DOTALL);

  /** The place that an environment describes. */
  static Place of(Map<String, String> env) {
    String home = set(env, "HOME", System.getProperty("user.home"));
    return new Place(
        // `bazel run` starts programs elsewhere, and says where it was started itself.
        set(env, "BUILD_WORKING_DIRECTORY", System.getProperty("user.dir")),
        home,
        set(env, "XDG_STATE_HOME", home + "/.local/state"));
  }

  private static String set(Map<String, String> env, String variable, String otherwise) {
    String value = env.getOrDefault(variable, "");
    return value.isEmpty() ? otherwise : value;
  }

  /**
   * An absolute path without {@code .} and {@code ..}; a URI stays as it is.
   *
   * <p>Worked out on the text: {@code java.nio} refuses letters that the locale lacks.
   */
  String absolute(String path) {
    if (URI.matcher(path).matches()) {
      return path;
    }
    String from = path.equals("~") || path.startsWith("~/") ? home + path.substring(1) : path;
    Deque<String> steps = new ArrayDeque<>();
    for (String step : (from.startsWith("/") ? from : folder + "/" + from).split("/")) {
      if (step.equals("..")) {
        steps.pollLast();
      } else if (!step.isEmpty() && !step.equals(".")) {
        steps.addLast(step);
      }
    }
    return "/" + String.join("/", steps);
  }
}
