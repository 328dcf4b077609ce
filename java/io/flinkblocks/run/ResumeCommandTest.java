package io.flinkblocks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResumeCommandTest {
  @Test
  void replacesTheFlag() {
    List<String> command =
        List.of(
            "run",
            "//x",
            "--",
            "--from-savepoint",
            "latest",
            "--app-name",
            "a b",
            "--from-savepoint=/old");
    assertEquals(
        "run //x -- --app-name 'a b' --from-savepoint /new", ResumeCommand.of(command, "/new"));
    assertEquals(
        "x --from-savepoint latest", ResumeCommand.of(List.of("x", "--from-savepoint"), "latest"));
  }

  @Test
  void quotesWhatAShellWouldRead() {
    assertEquals("a-b/c.d=e:1,2@%+_", ResumeCommand.quoted("a-b/c.d=e:1,2@%+_"));
    assertEquals("''", ResumeCommand.quoted(""));
    assertEquals("'$x'", ResumeCommand.quoted("$x"));
    assertEquals("'it'\"'\"'s'", ResumeCommand.quoted("it's"));
    assertEquals("'ü'", ResumeCommand.quoted("ü"));
  }
}
