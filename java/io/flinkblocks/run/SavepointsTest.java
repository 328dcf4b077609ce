package io.flinkblocks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavepointsTest {
  @TempDir Path root;

  /** A complete savepoint or checkpoint, finished at a time in s. */
  private Path put(String name, long seconds) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    Path metadata = Files.writeString(folder.resolve("_metadata"), "x");
    Files.setLastModifiedTime(metadata, FileTime.fromMillis(seconds * 1000));
    return folder;
  }

  private String latest() {
    return Savepoints.resolve("latest", root.toString());
  }

  private String problem(String choice, String state) {
    UserError error = assertThrows(UserError.class, () -> Savepoints.resolve(choice, state));
    return error.getMessage();
  }

  @Test
  void latestIsTheNewestThatIsComplete() throws IOException {
    put("savepoints/savepoint-1-a", 100);
    put("checkpoints/job/chk-7", 200);
    put("checkpoints/job/shared", 900);
    put("drained/savepoint-9-z", 900);
    Files.createDirectories(root.resolve("savepoints/savepoint-incomplete"));
    Files.writeString(put("savepoints/savepoint-empty", 900).resolve("_metadata"), "");
    assertEquals(root + "/checkpoints/job/chk-7", latest());
    put("savepoints/savepoint-2-b", 300);
    assertEquals(root + "/savepoints/savepoint-2-b", latest());
  }

  @Test
  void ofTwoCheckpointsOfOneTimeTheLaterOneCounts() throws IOException {
    put("checkpoints/job/chk-9", 100);
    put("checkpoints/job/chk-10", 100);
    assertEquals(root + "/checkpoints/job/chk-10", latest());
    assertEquals(latest(), Savepoints.resolve("latest", root.toUri().toString()));
  }

  @Test
  void nothingToResumeFrom() {
    assertTrue(problem("latest", root.toString()).contains("no savepoint and no retained"));
    assertTrue(problem("latest", "s3://bucket/state").contains("not on this machine"));
    assertTrue(problem(root + "/none", root.toString()).contains("no such folder"));
    assertTrue(problem(root.toString(), root.toString()).contains("no complete savepoint"));
  }

  @Test
  void pathAsGiven() throws IOException {
    Path place = put("savepoint-1-2", 1);
    for (String choice :
        new String[] {
          place.toString(),
          place + "/",
          place + "/_metadata",
          place.toUri().toString(),
          "file:" + place,
          "hdfs:///a/b"
        }) {
      assertEquals(choice, Savepoints.resolve(choice, "/nowhere"));
    }
  }

  @Test
  void pathsAndUris() {
    assertEquals(Optional.of(Path.of("/a b")), Savepoints.local("/a b"));
    assertEquals(Optional.of(Path.of("/a b+c")), Savepoints.local("file:/a%20b+c"));
    assertEquals(Optional.of(Path.of("/a b")), Savepoints.local("FILE:///a b"));
    assertEquals(Optional.of(Path.of("/100%")), Savepoints.local("file://host/100%"));
    assertEquals(Optional.empty(), Savepoints.local("s3://b/a"));
  }

  @Test
  void ofAJob() throws IOException {
    put("savepoint-abcdef-1", 100);
    Path newer = put("savepoint-abcdef-0", 101);
    put("savepoint-123456-3", 102);
    assertEquals(
        Optional.of(newer.toString()), Savepoints.ofJob(root.toUri().toString(), "abcdef0123"));
    assertEquals(Optional.empty(), Savepoints.ofJob(root.toString(), "ffffff0123"));
    assertEquals(Optional.empty(), Savepoints.ofJob("s3://a/b", "abcdef0123"));
  }

  @Test
  void deleteLeavesNoEmptyFolder() throws IOException {
    Path first = put("drained/savepoint-a-1", 1);
    Path second = put("drained/savepoint-a-2", 1);
    assertTrue(Savepoints.delete("file:" + first));
    assertTrue(Files.exists(second));
    assertTrue(Savepoints.delete(second.toString()));
    assertFalse(Files.exists(root.resolve("drained")));
    assertFalse(Savepoints.delete(second.toString()));
  }

  @Test
  void deleteLeavesWhatIsNoSavepoint() throws IOException {
    Path place = put("precious", 1);
    assertFalse(Savepoints.delete(place.toString()));
    assertFalse(Savepoints.delete("s3://a/savepoint-1"));
    assertTrue(Files.exists(place));
  }

  @Test
  void tidyLeavesWhatIsNotEmpty() throws Exception {
    Files.createDirectories(root.resolve("checkpoints/empty/shared"));
    Files.createDirectories(root.resolve("checkpoints/empty/taskowned"));
    put("checkpoints/kept/chk-3", 1);
    for (String job : new String[] {"empty", "kept", "unknown"}) {
      Savepoints.tidy(root.toString(), job, 0);
    }
    Savepoints.tidy("s3://a", "empty", 0);
    assertFalse(Files.exists(root.resolve("checkpoints/empty")));
    assertTrue(latest().endsWith("chk-3"));
  }

  @Test
  void foldersBelow() {
    assertEquals("s3://b/x/savepoints", Savepoints.folder("s3://b/x/"));
    assertEquals("/a/drained", Savepoints.drainFolder("/a"));
  }
}
