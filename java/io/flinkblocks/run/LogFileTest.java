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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  @TempDir Path folder;

  @Test
  void namesTheFileAndDropsOldOnes() throws IOException {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    Path old = Files.createFile(logs.resolve("flink-block-1-java.log.1"));
    Files.setLastModifiedTime(old, FileTime.fromMillis(0));
    Path recent = Files.createFile(logs.resolve("flink-block-2-java.log"));
    Path file = LogFile.open(logs, "block", Map.of());
    assertEquals(logs.resolve("flink-block-" + ProcessHandle.current().pid() + "-java.log"), file);
    assertEquals(file.toString(), System.getProperty("log.file"));
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(recent));
  }

  @Test
  void theEnvironmentChoosesTheFolder() {
    Path chosen = folder.resolve("a/b");
    Path file =
        LogFile.open(folder.resolve("x"), "block", Map.of("FLINK_LOG_DIR", chosen.toString()));
    assertEquals(chosen, file.getParent());
    assertTrue(Files.isDirectory(chosen));
  }

  @Test
  void aFolderThatCannotBe() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThrows(UserError.class, () -> LogFile.open(file.resolve("logs"), "block", Map.of()));
  }
}
