package io.flinkblocks.generator;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Where generated records go. */
abstract class Target implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  /** The reader of standard output has enough: no error. */
  static final class ReaderGone extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /**
   * Kafka, a file or standard output, as the flags say.
   *
   * @throws UserError when it cannot be opened
   */
  static Target open(Settings settings) {
    if (settings.find("kafka-servers").isPresent()) {
      return new KafkaTarget(settings);
    }
    return settings
        .find("output")
        .map(file -> new Lines(openFile("output", file), file, false))
        .orElseGet(() -> new Lines(standardOutput(), "standard output", true));
  }

  /** The file of {@code --labels}, or null. */
  static OutputStream openLabels(Settings settings) {
    return settings.find("labels").map(file -> openFile("labels", file)).orElse(null);
  }

  private static OutputStream standardOutput() {
    return new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER);
  }

  private static OutputStream openFile(String flag, String file) {
    try {
      OutputStream out = new BufferedOutputStream(new FileOutputStream(file), BUFFER);
      return file.endsWith(".gz") ? new FastGzip(out) : out;
    } catch (IOException e) {
      throw new UserError(
          "--" + flag + " cannot be written: " + e.getMessage(),
          "name a file in a folder that exists and may be written to",
          e);
    }
  }

  /** Events compress well; a higher level would cost more time than generating them. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /** Takes the record that the traffic stands at. */
  abstract void write(ShopTraffic traffic);

  /** Lets readers see what was written. */
  abstract void flush();

  /**
   * Waits until everything is written.
   *
   * @throws UserError when something could not be
   */
  abstract void finish();

  @Override
  public abstract void close();

  /** JSON lines. */
  private static final class Lines extends Target {
    private final OutputStream out;
    private final String name;
    private final boolean pipe;

    Lines(OutputStream out, String name, boolean pipe) {
      this.out = out;
      this.name = name;
      this.pipe = pipe;
    }

    @Override
    void write(ShopTraffic traffic) {
      try {
        out.write(traffic.buffer(), 0, traffic.length());
        out.write('\n');
      } catch (IOException e) {
        throw failed(e);
      }
    }

    @Override
    void flush() {
      try {
        out.flush();
      } catch (IOException e) {
        throw failed(e);
      }
    }

    @Override
    void finish() {
      try {
        out.close();
      } catch (IOException e) {
        throw failed(e);
      }
    }

    private RuntimeException failed(IOException e) {
      // The JDK has no exception of its own for it.
      if (pipe && "Broken pipe".equals(e.getMessage())) {
        return new ReaderGone();
      }
      return new UserError(
          name + " cannot be written: " + e.getMessage(), "free space or choose another file", e);
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        // After finish() nothing is left to close; before it another error is on its way.
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
