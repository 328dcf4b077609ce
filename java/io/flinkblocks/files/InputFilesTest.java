package io.flinkblocks.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
  @TempDir Path root;

  private Path write(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "{}\n");
  }

  private List<String> list() {
    return InputFiles.list(root.toString()).stream()
        .map(file -> root.relativize(file).toString())
        .toList();
  }

  private static String refused(Path path) {
    return assertThrows(UserError.class, () -> InputFiles.list(path.toString())).getMessage();
  }

  @Test
  void aFileMayHaveAnyName() throws IOException {
    Path file = write("events");

    assertEquals(List.of(file), InputFiles.list(file.toString()));
  }

  @Test
  void aFolderGivesItsFilesAndThoseBelowByPath() throws IOException {
    for (String name :
        List.of("b.jsonl", "a.json", "c.jsonl.gz", "d/e/f.gz", "d/a.jsonl", "a b:c#%20.json")) {
      write(name);
    }

    assertEquals(
        List.of("a b:c#%20.json", "a.json", "b.jsonl", "c.jsonl.gz", "d/a.jsonl", "d/e/f.gz"),
        list());
  }

  @Test
  void hiddenAndOtherFilesArePassedOver() throws IOException {
    for (String name :
        List.of("a.jsonl", ".b.jsonl", ".jsonl", ".git/c.jsonl", "d.txt", "e.jsonl.tmp", "_OK")) {
      write(name);
    }

    assertEquals(List.of("a.jsonl"), list());
  }

  @Test
  void aHiddenFolderThatIsNamedIsRead() throws IOException {
    write(".hidden/a.jsonl");

    assertEquals(1, InputFiles.list(root.resolve(".hidden").toString()).size());
  }

  @Test
  void linksAreFollowed() throws IOException {
    Path outside = write("outside/a.jsonl");
    Path input = Files.createDirectory(root.resolve("input"));
    Files.createSymbolicLink(input.resolve("link.jsonl"), outside);
    Files.createSymbolicLink(input.resolve("folder"), outside.getParent());

    assertEquals(2, InputFiles.list(input.toString()).size());
  }

  @Test
  void whatCannotBeReadIsRefused() throws IOException, InterruptedException {
    assertTrue(refused(root.resolve("none")).endsWith("none does not exist"));
    assertTrue(refused(root).endsWith("has no file to read"));

    Files.createSymbolicLink(root.resolve("gone.jsonl"), root.resolve("none"));
    assertTrue(refused(root).endsWith("gone.jsonl cannot be read: it does not exist"));
  }

  @Test
  void aLinkThatLeadsBackIsRefused() throws IOException {
    write("a.jsonl");
    Files.createSymbolicLink(root.resolve("loop"), root);

    assertTrue(refused(root).endsWith("a link leads back to a folder above it"));
  }

  @Test
  void aPipeIsRefused() throws IOException, InterruptedException {
    Path pipe = root.resolve("pipe.jsonl");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());

    assertTrue(refused(root).endsWith("pipe.jsonl is not a regular file"));
  }
}
