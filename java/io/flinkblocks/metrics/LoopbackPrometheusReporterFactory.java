package io.flinkblocks.metrics;

import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Makes the reporter from {@code metrics.reporter.NAME.port}. */
public final class LoopbackPrometheusReporterFactory implements MetricReporterFactory {
  /** The option with the port to listen on. */
  public static final String PORT = "port";

  @Override
  public MetricReporter createMetricReporter(Properties properties) {
    return new LoopbackPrometheusReporter(Integer.parseInt(properties.getProperty(PORT)));
  }
}
