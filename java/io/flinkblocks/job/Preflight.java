package io.flinkblocks.job;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.files.OutputFolder;
import io.flinkblocks.kafka.Broker;

/** What can be looked at before a job is built: the parts of the world that it will talk to. */
public final class Preflight {
  /**
   * Asks the Kafka cluster, where the run has to do with one.
   *
   * @return what was found, one line for people; empty without Kafka
   * @throws UserError when the cluster does not serve
   */
  public static String kafka(Settings settings) {
    boolean reads =
        settings.find("kafka-servers").isPresent() && settings.find("input-path").isEmpty();
    boolean writes = settings.find("output-path").isEmpty();
    if (reads) {
      String from =
          settings.find("from-savepoint").isPresent()
              ? "read on from the savepoint"
              : "read from its beginning, as no --from-savepoint is given";
      return Broker.checkWithInput(settings).line() + ", " + from;
    }
    return writes ? Broker.check(settings).line() : "";
  }

  /**
   * Looks at the output folder, where the run writes files.
   *
   * @throws UserError when it holds what is not ours, or cannot be written
   */
  public static void files(Settings settings) {
    if (settings.find("output-path").isPresent()) {
      OutputFolder.check(settings);
    }
  }

  private Preflight() {}
}
