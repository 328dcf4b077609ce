package io.flinkblocks.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.sink.TestingProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
  private static final String ID = "01234567-89ab-cdef-0123-456789abcdef";
  private static final List<String> OUTPUTS = List.of("revenue-metrics", "late-events");

  @TempDir private Path temp;
  private Path folder;

  @BeforeEach
  void nameFolder() {
    folder = temp.resolve("below/out");
  }

  @Test
  void createsTheFolderAndAFolderForEachOutput() throws IOException {
    OutputFolder.check(settings("shop"));
    assertFalse(Files.exists(folder), "a check changes nothing");
    OutputFolder.prepare(OUTPUTS, settings("shop"));
    assertEquals(
        List.of(".flink-building-block.shop", "late-events", "revenue-metrics"), tree(folder));
    String marker = Files.readString(folder.resolve(".flink-building-block.shop"));
    assertTrue(marker.contains("late-events, revenue-metrics"), marker);
  }

  @Test
  void replacesCommittedAndHiddenFilesOfAnEarlierRun() throws IOException {
    OutputFolder.prepare(OUTPUTS, settings("shop"));
    write("revenue-metrics/shop-" + ID + "-0.jsonl");
    write("revenue-metrics/.shop-" + ID + "-11.jsonl.inprogress." + ID);
    write("former-output/shop-" + ID + "-3.jsonl");
    OutputFolder.check(settings("shop"));
    OutputFolder.prepare(OUTPUTS, settings("shop"));
    assertEquals(
        List.of(".flink-building-block.shop", "late-events", "revenue-metrics"), tree(folder));
  }

  @Test
  void aRunThatResumesKeepsTheFiles() throws IOException {
    OutputFolder.prepare(OUTPUTS, settings("shop"));
    String file = "revenue-metrics/shop-" + ID + "-0.jsonl";
    write(file);
    OutputFolder.prepare(OUTPUTS, settings("shop", "from-savepoint", "latest"));
    assertTrue(Files.exists(folder.resolve(file)));
  }

  @Test
  void blocksShareAFolderAndLeaveEachOthersFilesAlone() throws IOException {
    OutputFolder.prepare(OUTPUTS, settings("shop"));
    String others = "late-events/shop-" + ID + "-0.jsonl";
    write(others);
    OutputFolder.prepare(List.of("late-events"), settings("other"));
    write("late-events/other-" + ID + "-0.jsonl");
    OutputFolder.prepare(List.of("late-events"), settings("other"));
    assertTrue(Files.exists(folder.resolve(others)));
    assertFalse(Files.exists(folder.resolve("late-events/other-" + ID + "-0.jsonl")));
  }

  @Test
  void refusesAFolderWithAnythingElse() throws IOException {
    OutputFolder.prepare(OUTPUTS, settings("shop"));
    write("revenue-metrics/shop-" + ID + "-0.jsonl");
    for (String foreign :
        List.of(
            "notes.txt",
            "revenue-metrics/shop-" + ID + "-0.jsonl.bak",
            "revenue-metrics/other-" + ID + "-0.jsonl",
            "revenue-metrics/deeper/shop-" + ID + "-0.jsonl",
            ".flink-building-block.not a block")) {
      Path file = write(foreign);
      List<String> before = tree(folder);
      assertRefused(settings("shop"), "holds what is not ours");
      assertRefused(settings("shop", "from-savepoint", "latest"), "holds what is not ours");
      assertEquals(before, tree(folder), "a refusal changes nothing");
      Files.delete(file);
      Files.deleteIfExists(folder.resolve("revenue-metrics/deeper"));
    }
    OutputFolder.prepare(OUTPUTS, settings("shop"));
  }

  @Test
  void refusesForeignFilesWithoutAMarker() throws IOException {
    write("revenue-metrics/shop-" + ID + "-0.jsonl");
    assertRefused(settings("shop"), "revenue-metrics/shop-");
  }

  @Test
  void followsNoLinkOut() throws IOException {
    OutputFolder.prepare(OUTPUTS, settings("shop"));
    Path outside = Files.createDirectories(temp.resolve("outside"));
    Path precious = Files.createFile(outside.resolve("shop-" + ID + "-0.jsonl"));
    Path link = Files.createSymbolicLink(folder.resolve("linked"), outside);
    assertRefused(settings("shop"), "linked");
    Files.delete(link);
    Path fileLink = folder.resolve("late-events/shop-" + ID + "-0.jsonl");
    Files.createSymbolicLink(fileLink, precious);
    assertRefused(settings("shop"), "late-events/shop-");
    Files.delete(fileLink);
    Path marker = folder.resolve(".flink-building-block.shop");
    Files.delete(marker);
    Files.createSymbolicLink(marker, precious);
    assertRefused(settings("shop"), ".flink-building-block.shop");
    assertTrue(Files.exists(precious));
    assertEquals(0, Files.size(precious));
  }

  @Test
  void theFolderItselfMayBeALink() throws IOException {
    Path real = Files.createDirectories(temp.resolve("real"));
    Files.createDirectories(folder.getParent());
    Files.createSymbolicLink(folder, real);
    OutputFolder.prepare(OUTPUTS, settings("shop"));
    assertTrue(Files.exists(real.resolve("late-events")));
  }

  @Test
  void namesAFileInItsPlaceAndAnUnwritablePlace() throws IOException {
    Files.createDirectories(folder.getParent().getParent());
    Files.createFile(folder.getParent());
    assertRefused(settings("shop"), "is a file");
    Files.delete(folder.getParent());
    Files.createDirectories(folder.getParent());
    Files.createFile(folder);
    assertRefused(settings("shop"), "is a file");
    // Nobody may make a folder there, not even root.
    UserError error =
        assertThrows(
            UserError.class,
            () -> OutputFolder.prepare(OUTPUTS, settings("shop", "output-path", "/proc/out")));
    assertTrue(error.getMessage().contains("/proc/out cannot be written"), error.getMessage());
  }

  @Test
  void refusesAFolderThatAnotherProcessWrites() throws Exception {
    Process other = TestingProcess.start(Holder.class, folder.toString());
    try {
      assertEquals('.', other.getInputStream().read(), "the other process has claimed the folder");
      assertRefused(settings("shop"), "another process");
      OutputFolder.prepare(OUTPUTS, settings("other"));
    } finally {
      other.destroyForcibly().waitFor();
    }
    OutputFolder.prepare(OUTPUTS, settings("shop"));
    OutputFolder.prepare(OUTPUTS, settings("shop"));
  }

  /** Claims a folder, says so, and holds it until it is killed. */
  static final class Holder {
    public static void main(String[] args) throws Exception {
      OutputFolder.prepare(
          OUTPUTS,
          Settings.of(Map.of("app-name", "other", "block", "shop", "output-path", args[0])));
      System.out.print('.');
      System.out.flush();
      Thread.currentThread().join();
    }
  }

  private void assertRefused(Settings settings, String part) {
    UserError error = assertThrows(UserError.class, () -> OutputFolder.prepare(OUTPUTS, settings));
    assertTrue(error.getMessage().contains(part), error.getMessage());
    assertTrue(error.getMessage().contains(folder.toString()), error.getMessage());
    assertTrue(error.cure().contains("--output-path"), error.cure());
  }

  private Settings settings(String block, String... more) {
    Map<String, String> values = new TreeMap<>();
    values.put("app-name", "app");
    values.put("block", block);
    values.put("output-path", folder.toString());
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    return Settings.of(values);
  }

  private Path write(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.createFile(file);
  }

  private static List<String> tree(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> !file.equals(folder))
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
