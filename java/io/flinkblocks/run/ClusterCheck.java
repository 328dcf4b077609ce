package io.flinkblocks.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkblocks.console.Check;
import io.flinkblocks.console.FlinkRest;
import org.apache.flink.runtime.util.EnvironmentInformation;

/** Whether a Flink cluster can run the job. */
final class ClusterCheck {
  private static final String NAME = "cluster";
  private static final String WHERE = "start it, or name its REST address with --target";

  /**
   * Asks the cluster.
   *
   * @param parallelism slots that the job takes
   */
  static Check of(FlinkRest rest, int parallelism) {
    return of(
        rest.url(),
        rest.find("/overview"),
        rest.find("/jobmanager/config"),
        parallelism,
        EnvironmentInformation.getVersion());
  }

  /**
   * Judges its answers.
   *
   * @param version of the Flink that the job is built with
   */
  static Check of(String url, JsonNode overview, JsonNode config, int parallelism, String version) {
    if (overview.isMissingNode()) {
      return failed(url + " does not answer", WHERE);
    }
    String its = overview.path("flink-version").asText();
    if (its.isEmpty()) {
      return failed(url + " answers, but not as Flink does", WHERE);
    }
    long free = overview.path("slots-available").asLong();
    long total = overview.path("slots-total").asLong();
    String found = "Flink " + its + " at " + url + ", " + free + " of " + total + " slots free";
    if (!minor(its).equals(minor(version))) {
      return failed(
          found + ", but the job is built with Flink " + version,
          "use a cluster of Flink " + minor(version));
    }
    if (total < parallelism && !elastic(config)) {
      String more = "start TaskManagers";
      return failed(
          found + ", but --parallelism " + parallelism + " takes " + parallelism,
          total > 0 ? "give --parallelism " + total + " or less, or " + more : more);
    }
    String waits = "; the job waits for " + parallelism;
    return Check.ok(NAME, free < parallelism ? found + waits : found);
  }

  /** Whether it starts TaskManagers as jobs need them, or runs jobs on fewer slots. */
  private static boolean elastic(JsonNode config) {
    for (JsonNode entry : config) {
      String key = entry.path("key").asText();
      boolean adaptive =
          key.equals("jobmanager.scheduler")
              && entry.path("value").asText().equalsIgnoreCase("adaptive");
      if (adaptive || key.startsWith("kubernetes.") || key.startsWith("yarn.")) {
        return true;
      }
    }
    return false;
  }

  /** 2.2.1 is of 2.2. */
  private static String minor(String version) {
    return version.replaceFirst("^([^.]*\\.[^.]*)\\..*", "$1");
  }

  private static Check failed(String detail, String cure) {
    return new Check(NAME, false, detail, cure);
  }

  private ClusterCheck() {}
}
