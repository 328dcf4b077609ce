package io.flinkblocks.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class XmlReportsTest {
  @TempDir Path folder;

  /** Two engines in one class, as the runner has to report them. */
  static class TestingBothEngines {
    @Test
    void jupiterCase() {}

    @Example
    void jqwikCase() {}
  }

  static class TestingFailure {
    @Test
    void fails() {
      throw new IllegalStateException("a < b & \u0001 ]]> c");
    }
  }

  static class TestingNothing {}

  @Test
  void suitesOfAllEnginesAreKeptAndEmptyOnesDropped() throws Exception {
    Files.writeString(folder.resolve("TEST-a.xml"), suite("a", "<testcase name=\"one\"/>"));
    Files.writeString(folder.resolve("TEST-b.xml"), suite("b", ""));
    Files.writeString(folder.resolve("TEST-c.xml"), suite("c", "<testcase name=\"two\"/>"));
    Path target = folder.resolve("merged.xml");

    XmlReports.merge(folder, target);

    assertEquals(List.of("a", "c"), names(target, "testsuite"));
    assertEquals(List.of("one", "two"), names(target, "testcase"));
  }

  @Test
  void unreadableReportIsAnError() throws IOException {
    Files.writeString(folder.resolve("TEST-a.xml"), "<testsuite>");

    assertThrows(IOException.class, () -> XmlReports.merge(folder, folder.resolve("merged.xml")));
  }

  @Test
  void runnerReportsJupiterAndJqwik() throws Exception {
    Path target = folder.resolve("merged.xml");

    int code = run(TestingBothEngines.class, null, target);

    assertEquals(0, code);
    assertEquals(List.of("jqwikCase", "jupiterCase"), names(target, "testcase"));
  }

  @Test
  void filterChoosesMethodsOfBothEngines() throws Exception {
    Path target = folder.resolve("merged.xml");

    int code = run(TestingBothEngines.class, "#jqwik", target);

    assertEquals(0, code);
    assertEquals(List.of("jqwikCase"), names(target, "testcase"));
  }

  @Test
  void failureIsReportedWhateverItsText() throws Exception {
    Path target = folder.resolve("merged.xml");

    int code = run(TestingFailure.class, null, target);

    assertEquals(1, code);
    assertEquals(1, parse(target).getElementsByTagName("error").getLength());
  }

  @Test
  void classWithoutTestsFails() throws Exception {
    assertEquals(4, run(TestingNothing.class, null, folder.resolve("merged.xml")));
  }

  private static int run(Class<?> test, String filter, Path target) throws IOException {
    return JUnit5Runner.run(new String[] {test.getName()}, filter, target.toString());
  }

  private static String suite(String name, String cases) {
    return "<testsuite name=\"" + name + "\">" + cases + "</testsuite>";
  }

  private static List<String> names(Path file, String tag) throws Exception {
    NodeList elements = parse(file).getElementsByTagName(tag);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < elements.getLength(); i++) {
      names.add(((Element) elements.item(i)).getAttribute("name").replace("()", ""));
    }
    return names;
  }

  private static Document parse(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }
}
