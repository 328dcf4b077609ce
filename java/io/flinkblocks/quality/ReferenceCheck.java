package io.flinkblocks.quality;

import java.util.function.Consumer;

/**
 * Every row refers to a row of another table. The subject is what they have in common; its head is
 * there when the target is.
 *
 * <p>A row that comes before its target, and a row that its target leaves, are looked at when the
 * grace is over. An alert is cleared when the target comes, or the row goes or turns elsewhere.
 */
final class ReferenceCheck implements KeyedCheck {
  private final String field;
  private final String target;
  private final long grace;

  ReferenceCheck(Rule rule, long grace) {
    this.field = rule.field();
    this.target = rule.target();
    this.grace = grace;
  }

  @Override
  public void take(Part part, Memory memory, Consumer<Alert> out) throws Exception {
    switch (part.kind()) {
      case ENTER -> enter(part, memory);
      case LEAVE -> leave(part, memory, out);
      case TARGET_ENTER -> targetEnters(part, memory, out);
      case TARGET_LEAVE -> targetLeaves(part, memory);
    }
  }

  private void enter(Part part, Memory memory) throws Exception {
    if (memory.row(part.row()) != null) {
      return; // A snapshot reads it again.
    }
    if (memory.head() != null) {
      memory.put(part.row(), Entry.quiet(part));
      return;
    }
    long due = KeyedCheck.after(part.time(), grace);
    memory.put(part.row(), Entry.waiting(part, due));
    memory.lookAt(part.row(), due);
  }

  private void leave(Part part, Memory memory, Consumer<Alert> out) throws Exception {
    Entry entry = memory.row(part.row());
    if (entry == null) {
      return;
    }
    memory.remove(part.row());
    if (entry.raised()) {
      out.accept(cleared(part.row(), entry, "is gone or has another value", part));
    }
  }

  private void targetEnters(Part part, Memory memory, Consumer<Alert> out) throws Exception {
    boolean isNew = memory.head() == null;
    memory.setHead(Head.of(part));
    if (!isNew) {
      return;
    }
    for (String row : memory.rows()) {
      Entry entry = memory.row(row);
      if (entry.raised()) {
        out.accept(cleared(row, entry, "is in " + target + " now", part));
      }
      memory.put(row, entry.since(part, Entry.NEVER));
    }
  }

  private void targetLeaves(Part part, Memory memory) throws Exception {
    if (memory.head() == null) {
      return;
    }
    memory.setHead(null);
    long due = KeyedCheck.after(part.time(), grace);
    for (String row : memory.rows()) {
      memory.put(row, memory.row(row).since(part, due));
      memory.lookAt(row, due);
    }
  }

  @Override
  public void look(String row, long now, Memory memory, Consumer<Alert> out) throws Exception {
    Entry entry = memory.row(row);
    if (entry == null || !entry.isDue(now)) {
      return; // The target came, or the row went.
    }
    String detail = "is not in " + target;
    out.accept(new Alert(row, field, entry.value(), detail, false, entry.time(), entry.lsn()));
    memory.put(row, entry.open());
  }

  private Alert cleared(String row, Entry entry, String detail, Part part) {
    return new Alert(row, field, entry.value(), detail, true, part.time(), part.lsn());
  }
}
