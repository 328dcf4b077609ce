package io.flinkblocks.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.UserError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.apache.flink.metrics.CharacterFilter;
import org.apache.flink.metrics.LogicalScopeProvider;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class LoopbackPrometheusReporterTest {
  /** Just enough of a metric group for a name. */
  private static final class Group extends UnregisteredMetricsGroup
      implements LogicalScopeProvider {
    @Override
    public String getLogicalScope(CharacterFilter filter) {
      return "intake";
    }

    @Override
    public String getLogicalScope(CharacterFilter filter, char delimiter) {
      return "intake";
    }

    @Override
    public MetricGroup getWrappedMetricGroup() {
      return this;
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void servesMetricsOnLoopback() throws Exception {
    int port = freePort();
    LoopbackPrometheusReporter reporter = new LoopbackPrometheusReporter(port);
    try {
      SimpleCounter counter = new SimpleCounter();
      counter.inc(42);
      reporter.notifyOfAddedMetric(counter, "events", new Group());
      String body =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      assertTrue(body.contains("flink_intake_events 42.0"), body);
    } finally {
      reporter.close();
    }
  }

  @Test
  void isNotReachedFromOtherInterfaces() throws Exception {
    int port = freePort();
    LoopbackPrometheusReporter reporter = new LoopbackPrometheusReporter(port);
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2000);
      List<InetAddress> others =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .filter(a -> !a.isLoopbackAddress())
              .toList();
      for (InetAddress other : others) {
        assertFalse(accepts(other, port), "reached by " + other);
      }
    } finally {
      reporter.close();
    }
  }

  private static boolean accepts(InetAddress address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 500);
      return true;
    } catch (java.io.IOException refused) {
      return false;
    }
  }

  @Test
  void aPortInUseIsAClearError() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      UserError error =
          assertThrows(UserError.class, () -> new LoopbackPrometheusReporter(taken.getLocalPort()));
      assertEquals("choose another port", error.cure());
      assertTrue(error.getMessage().startsWith("--metrics-port: port " + taken.getLocalPort()));
    }
  }
}
