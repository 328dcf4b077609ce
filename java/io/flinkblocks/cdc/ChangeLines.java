package io.flinkblocks.cdc;

import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.files.LineFormat;
import io.flinkblocks.source.EventTimeProgress;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Files of envelopes, one a line. */
record ChangeLines() implements LineFormat<ChangeRecord> {
  @Override
  public TypeInformation<ChangeRecord> type() {
    return ChangeRecord.TYPE;
  }

  @Override
  public Lines<ChangeRecord> open() {
    ChangeParser parser = new ChangeParser();
    return new Lines<>() {
      @Override
      public ChangeRecord read(byte[] line, long firstStart) {
        return parser.parseLine(line);
      }

      @Override
      public ChangeRecord refuse(DeadLetter letter) {
        return new Refused(letter);
      }

      @Override
      public long timestamp(ChangeRecord record) {
        return timeOf(record);
      }
    };
  }

  /** Event time in ms since the epoch; {@link EventTimeProgress#NONE} of what is no change. */
  static long timeOf(ChangeRecord record) {
    return record instanceof Change change ? change.time() : EventTimeProgress.NONE;
  }
}
