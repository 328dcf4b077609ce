package io.flinkblocks.quality;

/** How what a file says is shown in errors: on one line, without what a terminal acts on. */
final class Shown {
  private static final int LONGEST = 100;

  private Shown() {}

  /** A value between quotes, cut after 100 characters. */
  static String quoted(String text) {
    return '"' + clean(text, LONGEST) + '"';
  }

  /** A file's name. */
  static String path(String path) {
    return clean(path, path.length());
  }

  /** A line of a file, counted from 0. */
  static String line(String path, int line) {
    return path(path) + " line " + (line + 1);
  }

  private static String clean(String text, int longest) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(longest).forEach(c -> shown.append(clean(c)));
    return text.codePointCount(0, text.length()) > longest ? shown + "..." : shown.toString();
  }

  private static String clean(int c) {
    boolean isText =
        switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SURROGATE,
              Character.UNASSIGNED ->
              false;
          default -> true;
        };
    return isText ? Character.toString(c) : "\\u%04x".formatted(c);
  }
}
