package io.flinkblocks.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordTest {
  @TempDir Path folder;

  @Test
  void aFileHoldsItWithOrWithoutALineBreak() throws IOException {
    Path file = folder.resolve("password");
    for (String content :
        new String[] {" p\u00e4ss'w\\ ", " p\u00e4ss'w\\ \n", " p\u00e4ss'w\\ \r\n"}) {
      Files.writeString(file, content);
      assertEquals(Optional.of(" p\u00e4ss'w\\ "), fromFile(file).read(Map.of()));
    }
  }

  @Test
  void itIsReadAgainEachTime() throws IOException {
    Path file = folder.resolve("password");
    Password password = fromFile(file);
    Files.writeString(file, "first");
    assertEquals(Optional.of("first"), password.read(Map.of()));
    Files.writeString(file, "second");
    assertEquals(Optional.of("second"), password.read(Map.of()));
  }

  @Test
  void aFileThatIsNotThereIsTheUsersToCorrect() {
    Path file = folder.resolve("missing");
    UserError error = assertThrows(UserError.class, () -> fromFile(file).read(Map.of()));
    assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
    assertTrue(error.cure().contains("--analytics-postgres-password-file"), error.cure());
  }

  @Test
  void aVariableHoldsIt() {
    Password password =
        Password.of(Settings.of(Map.of("analytics-postgres-password-env", "THE_PASSWORD")));
    assertEquals(Optional.of("secret"), password.read(Map.of("THE_PASSWORD", "secret")));
    UserError error = assertThrows(UserError.class, () -> password.read(Map.of()));
    assertTrue(error.getMessage().contains("THE_PASSWORD"), error.getMessage());
  }

  @Test
  void aServerMayAskForNone() {
    assertEquals(Optional.empty(), Password.of(Settings.of(Map.of())).read(Map.of()));
  }

  private static Password fromFile(Path file) {
    return Password.of(Settings.of(Map.of("analytics-postgres-password-file", file.toString())));
  }
}
