package io.flinkblocks.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.Kafka;
import kafka.tools.StorageTool;

/**
 * A development broker: formats its storage the first time and runs Kafka, in one JVM.
 *
 * <p>Kafka's own scripts do this in two processes; the second JVM start is a third of the time that
 * a broker needs to be ready.
 */
public final class DevBroker {
  /**
   * Runs until SIGTERM.
   *
   * @param args the properties file, and the cluster id to format new storage with
   */
  public static void main(String[] args) throws Exception {
    String config = args[0];
    Properties properties = new Properties();
    try (var in = Files.newInputStream(Path.of(config))) {
      properties.load(in);
    }
    Path storage = Path.of(properties.getProperty("log.dirs"));
    if (!Files.exists(storage.resolve("meta.properties"))) {
      int code =
          StorageTool.execute(new String[] {"format", "-t", args[1], "-c", config}, System.out);
      if (code != 0) {
        System.exit(code);
      }
    }
    Kafka.main(new String[] {config});
  }

  private DevBroker() {}
}
