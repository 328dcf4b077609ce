package io.flinkblocks.quality;

import java.util.function.Consumer;

/**
 * No two rows have the same value. The subject is the value; its head counts the rows.
 *
 * <p>The first row is in order, each further one gets an alert. It is cleared when the row goes or
 * gets another value, and when it is the only one that is left.
 */
final class UniqueCheck implements KeyedCheck {
  private final String field;

  UniqueCheck(Rule rule) {
    this.field = rule.field();
  }

  @Override
  public void take(Part part, Memory memory, Consumer<Alert> out) throws Exception {
    switch (part.kind()) {
      case ENTER -> enter(part, memory, out);
      case LEAVE -> leave(part, memory, out);
      default -> throw new IllegalStateException("no rule of this check has a target");
    }
  }

  private void enter(Part part, Memory memory, Consumer<Alert> out) throws Exception {
    if (memory.row(part.row()) != null) {
      return; // A snapshot reads it again.
    }
    Entry entry = Entry.quiet(part);
    long rows = setRows(1, part, memory);
    if (rows > 1) {
      out.accept(alert(part.row(), entry, "is in " + rows + " rows", false, part));
      entry = entry.open();
    }
    memory.put(part.row(), entry);
  }

  private void leave(Part part, Memory memory, Consumer<Alert> out) throws Exception {
    Entry entry = memory.row(part.row());
    if (entry == null) {
      return;
    }
    memory.remove(part.row());
    if (entry.raised()) {
      out.accept(alert(part.row(), entry, "is gone or has another value", true, part));
    }
    if (setRows(-1, part, memory) == 1) {
      String last = memory.rows().get(0);
      Entry left = memory.row(last);
      if (left.raised()) {
        out.accept(alert(last, left, "is in no other row now", true, part));
        memory.put(last, left.since(part, Entry.NEVER));
      }
    }
  }

  private static long setRows(int more, Part part, Memory memory) throws Exception {
    long rows = more + (memory.head() == null ? 0 : memory.head().rows());
    memory.setHead(rows == 0 ? null : new Head(rows, part.time(), part.lsn(), null));
    return rows;
  }

  private Alert alert(String row, Entry entry, String detail, boolean cleared, Part part) {
    return new Alert(row, field, entry.value(), detail, cleared, part.time(), part.lsn());
  }

  @Override
  public void look(String row, long now, Memory memory, Consumer<Alert> out) {
    throw new IllegalStateException("this check waits for nothing");
  }
}
