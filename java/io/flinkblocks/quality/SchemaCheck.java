package io.flinkblocks.quality;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A table has the columns that it had, of the same kinds. The subject is the table, what is
 * remembered of it are its columns; its head is there when it had a row.
 *
 * <p>The first row says what is right; afterwards each difference is said once, and is right from
 * then on. Nulls have no kind, so the kind of a column may be known later than the column.
 */
final class SchemaCheck implements KeyedCheck {
  @Override
  public void take(Part part, Memory memory, Consumer<Alert> out) throws Exception {
    Head latest = memory.head();
    if (latest != null && isBefore(part, latest)) {
      return; // Late: what was right then is no news.
    }
    memory.setHead(new Head(0, part.time(), part.lsn(), null));
    Map<String, String> kinds = Shape.read(part.value());
    for (String column : memory.rows()) {
      if (!kinds.containsKey(column)) {
        memory.remove(column);
        out.accept(alert(column, Shape.NONE, "was dropped", part));
      }
    }
    for (Map.Entry<String, String> column : kinds.entrySet()) {
      see(column.getKey(), column.getValue(), latest == null, part, memory, out);
    }
  }

  private static boolean isBefore(Part part, Head head) {
    return part.time() < head.time() || part.time() == head.time() && part.lsn() < head.lsn();
  }

  private static void see(
      String column, String kind, boolean isFirst, Part part, Memory memory, Consumer<Alert> out)
      throws Exception {
    Entry known = memory.row(column);
    String was = known == null ? Shape.NONE : new String(known.value(), StandardCharsets.UTF_8);
    if (known != null && (kind.equals(was) || kind.equals(Shape.NONE))) {
      return;
    }
    memory.put(
        column,
        new Entry(
            false,
            Entry.NEVER,
            part.time(),
            part.lsn(),
            kind.getBytes(StandardCharsets.UTF_8),
            null));
    if (known == null && !isFirst) {
      out.accept(alert(column, kind, "was added", part));
    } else if (!was.equals(Shape.NONE)) {
      out.accept(alert(column, kind, "was " + was + " before", part));
    }
  }

  private static Alert alert(String column, String kind, String detail, Part part) {
    byte[] value =
        kind.equals(Shape.NONE) ? null : ('"' + kind + '"').getBytes(StandardCharsets.UTF_8);
    return new Alert(null, column, value, detail, false, part.time(), part.lsn());
  }

  @Override
  public void look(String row, long now, Memory memory, Consumer<Alert> out) {
    throw new IllegalStateException("this check waits for nothing");
  }
}
