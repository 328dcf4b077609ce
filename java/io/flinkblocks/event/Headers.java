package io.flinkblocks.event;

import io.flinkblocks.event.DeadLetter.Header;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The format of a list of Kafka headers: how many, then name and value of each. */
public final class Headers {
  /** Writes the list. */
  public static void write(List<Header> headers, DataOutputView target) throws IOException {
    Compact.writeNumber(headers.size(), target);
    for (Header header : headers) {
      Compact.writeText(header.name(), target);
      Compact.writeBytes(header.value(), target);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static List<Header> read(DataInputView source) throws IOException {
    int count = Compact.readInt(source);
    if (count == 0) {
      return List.of();
    }
    List<Header> headers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      headers.add(new Header(Compact.readText(source), Compact.readBytes(source)));
    }
    return List.copyOf(headers);
  }

  private Headers() {}
}
