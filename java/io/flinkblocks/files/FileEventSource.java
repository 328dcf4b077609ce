package io.flinkblocks.files;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventParser;
import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.source.EventTimeProgress;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Events from files of JSON lines; see {@link FileRecordSource}. */
public final class FileEventSource {
  /**
   * The records of {@code --input-path}.
   *
   * @param settings {@code input-path}, {@code max-out-of-orderness}, {@code max-future}
   * @throws UserError when there is nothing to read, or a file cannot be opened
   */
  public static DataStream<SourceRecord> stream(StreamExecutionEnvironment env, Settings settings) {
    return FileRecordSource.stream(env, settings, new Format(settings.millis("max-future")));
  }

  /**
   * One event a line.
   *
   * @param maxFuture how far ahead of the job's first start timestamps may be, in ms
   */
  record Format(long maxFuture) implements LineFormat<SourceRecord> {
    @Override
    public TypeInformation<SourceRecord> type() {
      return SourceRecord.TYPE;
    }

    @Override
    public Lines<SourceRecord> open() {
      EventParser parser = new EventParser();
      return new Lines<>() {
        @Override
        public SourceRecord read(byte[] line, long firstStart) {
          return parser.parse(line, firstStart + maxFuture);
        }

        @Override
        public SourceRecord refuse(DeadLetter letter) {
          return letter;
        }

        @Override
        public long timestamp(SourceRecord record) {
          return record instanceof Event event ? event.timestamp() : EventTimeProgress.NONE;
        }
      };
    }
  }

  private FileEventSource() {}
}
