package io.flinkblocks.tools;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.junit.platform.reporting.legacy.xml.LegacyXmlReportGeneratingListener;

/**
 * Runs test classes on the JUnit platform (Jupiter and jqwik) in Bazel's terms: the report goes to
 * {@code XML_OUTPUT_FILE}, {@code --test_filter} chooses methods.
 *
 * <p>Exit codes: 0 all passed, 1 a test failed, 2 no class was named, 4 no test was found.
 */
public final class JUnit5Runner {
  private static final int PASSED = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final int NOTHING_RAN = 4;
  private static final int MAX_STACK_TRACE_LINES = 50;

  /** Runs the classes whose full names are the arguments, and ends the JVM. */
  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      System.err.println("usage: JUnit5Runner CLASS...");
      System.exit(USAGE);
    }
    // A test may leave threads behind (a mini cluster does): the exit must not wait for them.
    System.exit(run(args, System.getenv("TESTBRIDGE_TEST_ONLY"), System.getenv("XML_OUTPUT_FILE")));
  }

  /**
   * Runs test classes and writes the report.
   *
   * @param filter a regular expression to be found in {@code Class#method}; null or empty for all
   * @param xmlFile where the report goes, or null for none
   * @return the exit code
   */
  static int run(String[] classes, String filter, String xmlFile) throws IOException {
    PrintWriter out = new PrintWriter(System.out, true);
    SummaryGeneratingListener results = new SummaryGeneratingListener();
    Path reports = Files.createTempDirectory("junit-reports");
    LauncherFactory.create()
        .execute(
            request(classes, filter), results, new LegacyXmlReportGeneratingListener(reports, out));
    TestExecutionSummary summary = results.getSummary();
    summary.printTo(out);
    summary.printFailuresTo(out, MAX_STACK_TRACE_LINES);
    if (xmlFile != null) {
      XmlReports.merge(reports, Path.of(xmlFile));
    }
    if (summary.getTotalFailureCount() > 0) {
      return FAILED;
    }
    if (summary.getTestsFoundCount() == 0 && !isSet(filter)) {
      System.err.println("no test found in " + String.join(", ", classes));
      return NOTHING_RAN;
    }
    return PASSED;
  }

  private static LauncherDiscoveryRequest request(String[] classes, String filter) {
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    // jqwik would remember failures in a file of the working directory; the report names the seed.
    request.configurationParameter("jqwik.database", "");
    for (String name : classes) {
      request.selectors(selectClass(name));
    }
    if (isSet(filter)) {
      Pattern pattern = Pattern.compile(filter);
      request.filters((PostDiscoveryFilter) test -> matches(test, pattern));
    }
    return request.build();
  }

  private static FilterResult matches(TestDescriptor test, Pattern pattern) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .map(m -> m.getClassName() + "#" + m.getMethodName())
        .map(name -> FilterResult.includedIf(pattern.matcher(name).find()))
        // A class goes out by itself when none of its methods is left.
        .orElseGet(() -> FilterResult.included("not a method"));
  }

  private static boolean isSet(String text) {
    return text != null && !text.isEmpty();
  }

  private JUnit5Runner() {}
}
