package io.flinkblocks.run;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.job.JobEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The Flink that runs the job: one in this JVM, or the cluster of {@code --target}. */
final class Engine {
  /** The system property that names the job's jar among the runfiles. */
  static final String JOB_JAR = "flinkblocks.job.jar";

  private static final String LOOPBACK = "127.0.0.1";

  private final Configuration configuration;
  private final String restAddress;

  private Engine(Configuration configuration, String restAddress) {
    this.configuration = configuration;
    this.restAddress = restAddress;
  }

  /**
   * The Flink that the flags ask for; nothing is started yet.
   *
   * @throws UserError when the job cannot be brought to the cluster
   */
  static Engine of(Settings settings) throws IOException {
    if (settings.find("target").isPresent()) {
      return new Engine(remote(settings), settings.text("target"));
    }
    int port = freePort();
    return new Engine(embedded(settings, port), LOOPBACK + ":" + port);
  }

  /** Where Flink's REST endpoint is, host:port. */
  String restAddress() {
    return restAddress;
  }

  /** A new environment. */
  StreamExecutionEnvironment environment() {
    // getExecutionEnvironment would start a Flink of its own whatever the configuration says.
    return configuration.get(DeploymentOptions.TARGET).equals("remote")
        ? new StreamExecutionEnvironment(configuration)
        : StreamExecutionEnvironment.getExecutionEnvironment(configuration);
  }

  private static Configuration embedded(Settings settings, int port) {
    Map<String, String> values = new TreeMap<>(settings.values());
    values.put("rest-port", Integer.toString(port));
    Configuration conf = JobEnvironment.of(Settings.of(values));
    conf.set(DeploymentOptions.TARGET, "local");
    // They let the numbers of the console follow the job within a second.
    conf.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofSeconds(1));
    conf.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofSeconds(1));
    conf.set(WebOptions.REFRESH_INTERVAL, Duration.ofMillis(500));
    return conf;
  }

  private static Configuration remote(Settings settings) {
    String target = settings.text("target");
    int colon = target.lastIndexOf(':');
    Configuration conf = JobEnvironment.of(settings);
    conf.set(DeploymentOptions.TARGET, "remote");
    conf.set(RestOptions.ADDRESS, target.substring(0, colon));
    conf.set(RestOptions.PORT, Integer.parseInt(target.substring(colon + 1)));
    conf.set(PipelineOptions.JARS, List.of(jobJar().toUri().toString()));
    return conf;
  }

  /** The block with all that a Flink distribution lacks; Bazel's start script says where. */
  private static Path jobJar() {
    Path jar =
        Path.of(System.getenv().getOrDefault("JAVA_RUNFILES", ""))
            .resolve(System.getProperty(JOB_JAR, ""));
    if (!Files.isRegularFile(jar)) {
      throw new UserError(
          "the job's jar for the cluster is not among the program's files",
          "start the block with `bazel run`, which builds it");
    }
    return jar.toAbsolutePath();
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
      return probe.getLocalPort();
    }
  }
}
