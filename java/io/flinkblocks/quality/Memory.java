package io.flinkblocks.quality;

import java.util.List;

/** What a check remembers of one subject. An operator keeps it as keyed state. */
interface Memory {
  /** What is known of the subject itself; null for nothing. */
  Head head() throws Exception;

  /** Remembers, or forgets what is null. */
  void setHead(Head head) throws Exception;

  /** What is known of a row; null for nothing. */
  Entry row(String row) throws Exception;

  /** All rows of which something is known, sorted. */
  List<String> rows() throws Exception;

  /** Remembers. */
  void put(String row, Entry entry) throws Exception;

  /** Forgets. */
  void remove(String row) throws Exception;

  /** Asks for a look at a row when event time is so far, in ms since the epoch. */
  void lookAt(String row, long time) throws Exception;
}
