package io.flinkblocks.metrics;

import io.flinkblocks.config.UserError;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.apache.flink.metrics.prometheus.AbstractPrometheusReporter;

/**
 * Serves Flink's metrics for Prometheus on the loopback interface alone.
 *
 * <p>Flink's own reporter listens on every interface of the machine.
 */
final class LoopbackPrometheusReporter extends AbstractPrometheusReporter {
  private final HTTPServer server;

  LoopbackPrometheusReporter(int port) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      // A daemon thread: a forgotten reporter must not keep the program from ending.
      server = new HTTPServer(address, registry(), true);
    } catch (IOException e) {
      throw new UserError(
          "--metrics-port: port " + port + " cannot be had: " + e.getMessage(),
          "choose another port",
          e);
    }
  }

  /** The registry that the base class fills; it keeps it to its own package. */
  private CollectorRegistry registry() {
    try {
      Field field = AbstractPrometheusReporter.class.getDeclaredField("registry");
      field.setAccessible(true);
      return (CollectorRegistry) field.get(this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this version of Flink keeps its registry elsewhere", e);
    }
  }

  @Override
  public void close() {
    server.stop();
    super.close();
  }
}
