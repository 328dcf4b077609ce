package io.flinkblocks.files;

import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.source.EventTimeProgress;
import java.io.Serializable;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * What the lines of input files are.
 *
 * @param <T> what is made of a line
 */
public interface LineFormat<T> extends Serializable {
  /** How Flink moves what is made of lines. */
  TypeInformation<T> type();

  /** The lines of one reader, for its thread alone. */
  Lines<T> open();

  /**
   * From lines to records.
   *
   * @param <T> what is made of a line
   */
  interface Lines<T> {
    /**
     * The record of a line, whatever bytes it has.
     *
     * @param firstStart when the job was first started, in ms since the epoch
     */
    T read(byte[] line, long firstStart);

    /** The record for what no line can be read of: a piece of one that is too long. */
    T refuse(DeadLetter letter);

    /** Event time in ms since the epoch; {@link EventTimeProgress#NONE} when there is none. */
    long timestamp(T record);
  }
}
