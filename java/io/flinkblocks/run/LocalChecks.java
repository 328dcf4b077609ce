package io.flinkblocks.run;

import io.flinkblocks.config.Settings;
import io.flinkblocks.console.Check;
import io.flinkblocks.console.Face;
import io.flinkblocks.console.FlinkRest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** What a run needs of this machine, and of the cluster that it is for. */
final class LocalChecks {
  private static final int JAVA_MIN = 17;

  /** Shows each check as it is made; false when one failed. All are shown either way. */
  static boolean pass(Settings settings, Face face) {
    Check java = java();
    face.check(java);
    boolean pass = java.ok();
    if (settings.find("metrics-port").isPresent()) {
      Check port = port("--metrics-port", settings.integer("metrics-port"));
      face.check(port);
      pass &= port.ok();
    }
    if (settings.find("target").isPresent()) {
      FlinkRest rest = new FlinkRest(settings.text("target"));
      Check cluster = ClusterCheck.of(rest, settings.integer("parallelism"));
      face.check(cluster);
      pass &= cluster.ok();
    }
    return pass;
  }

  private static Check java() {
    Runtime.Version version = Runtime.version();
    String home = System.getProperty("java.home");
    return new Check(
        "Java",
        version.feature() >= JAVA_MIN,
        System.getProperty("java.version") + " (" + home + "/bin/java)",
        "install a JDK " + JAVA_MIN + " or newer, and set JAVA_HOME to its folder");
  }

  /**
   * A loopback port to listen on.
   *
   * @param flag that sets it, for the cure
   */
  static Check port(String flag, int port) {
    String name = "port " + port;
    try (ServerSocket probe = new ServerSocket()) {
      // A connection that lingers after its server's end does not block the next server.
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
      return Check.ok(name, "free");
    } catch (IOException e) {
      return new Check(
          name,
          false,
          "cannot listen on 127.0.0.1:" + port + ": " + e.getMessage(),
          "choose another with " + flag + ", or stop what listens there");
    }
  }

  private LocalChecks() {}
}
