package io.flinkblocks.cdc;

/** Positions in the database's log, as PostgreSQL writes them. */
public final class Lsn {
  /** As {@code 0/16B3748}; null for 0, which stands for a position that is not known. */
  public static String text(long lsn) {
    return lsn == 0 ? null : "%X/%X".formatted(lsn >>> Integer.SIZE, lsn & 0xffff_ffffL);
  }

  private Lsn() {}
}
