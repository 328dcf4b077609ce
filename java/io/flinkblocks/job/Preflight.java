package io.flinkblocks.job;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
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
      return Broker.checkWithInput(settings).line();
    }
    return writes ? Broker.check(settings).line() : "";
  }

  private Preflight() {}
}
