package io.flinkblocks.bench.floor;

import io.flinkblocks.output.OutputRecord;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Writes the records of each output to a file of its own. */
final class Lines implements Consumer<OutputRecord>, Closeable {
  private final Path folder;
  private final Map<String, OutputStream> files = new HashMap<>();

  Lines(Path folder) {
    this.folder = folder;
  }

  @Override
  public void accept(OutputRecord record) {
    try {
      OutputStream file = files.computeIfAbsent(record.output(), this::open);
      file.write(record.value());
      file.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private OutputStream open(String output) {
    try {
      Path own = Files.createDirectories(folder.resolve(output));
      return new BufferedOutputStream(Files.newOutputStream(own.resolve("part.jsonl")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (OutputStream file : files.values()) {
      file.close();
    }
  }
}
