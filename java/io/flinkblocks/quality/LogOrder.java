package io.flinkblocks.quality;

import java.util.Comparator;

/**
 * The order of parts of the same millisecond and subject: by the position in the database's log. At
 * one position come corrections first, and rows leave before others enter; then shorter keys first.
 * Without a position they stay as they came.
 */
enum LogOrder implements Comparator<Part> {
  INSTANCE;

  @Override
  public int compare(Part a, Part b) {
    int order = Long.compare(a.lsn(), b.lsn());
    if (order != 0 || a.lsn() == 0) {
      return order;
    }
    order = Boolean.compare(isCorrection(b), isCorrection(a));
    if (order == 0) {
      order = Boolean.compare(a.kind().isEntry(), b.kind().isEntry());
    }
    if (order == 0) {
      order = Integer.compare(a.row().length(), b.row().length());
    }
    return order == 0 ? a.row().compareTo(b.row()) : order;
  }

  private static boolean isCorrection(Part part) {
    return part.origin() == Part.Origin.CORRECTION;
  }
}
