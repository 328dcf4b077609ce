package io.flinkblocks.cdc;

/** Where a row stands among those that a snapshot reads of its table. */
public enum Mark {
  NONE,
  FIRST,
  LAST
}
