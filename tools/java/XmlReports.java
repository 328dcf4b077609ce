package io.flinkblocks.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** The JUnit platform reports each engine in a file of its own; Bazel wants one file. */
final class XmlReports {
  /**
   * Writes one document with the test suites of all engines that ran a test.
   *
   * @param folder holds {@code TEST-<engine>.xml}, each with a {@code testsuite} as root
   * @param target the file to write
   * @throws IOException when a report cannot be read or the target cannot be written
   */
  static void merge(Path folder, Path target) throws IOException {
    List<Path> reports;
    try (Stream<Path> files = Files.list(folder)) {
      reports = files.filter(f -> f.getFileName().toString().startsWith("TEST-")).sorted().toList();
    }
    try {
      DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      Document merged = builder.newDocument();
      Element root = merged.createElement("testsuites");
      merged.appendChild(root);
      for (Path report : reports) {
        Element suite = builder.parse(report.toFile()).getDocumentElement();
        // An engine that found nothing reports itself all the same.
        if (suite.getElementsByTagName("testcase").getLength() > 0) {
          root.appendChild(merged.importNode(suite, true));
        }
      }
      TransformerFactory.newInstance()
          .newTransformer()
          .transform(new DOMSource(merged), new StreamResult(target.toFile()));
    } catch (ParserConfigurationException | SAXException | TransformerException e) {
      throw new IOException("cannot merge the test reports " + reports, e);
    }
  }

  private XmlReports() {}
}
