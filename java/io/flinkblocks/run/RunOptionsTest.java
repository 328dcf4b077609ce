package io.flinkblocks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.config.Settings;
import io.flinkblocks.console.Summary.Output;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunOptionsTest {
  private static final Settings SETTINGS =
      Settings.of(
          Map.of("app-name", "a", "block", "shop", "checkpoint-path", "/c", "output-path", "/o"));
  private static final Block BLOCK = new Block("//flink/java:Shop", List.of(), null);

  @AfterEach
  void forgetTheScript() {
    System.clearProperty("flinkblocks.program");
  }

  @Test
  void theCommandIsBazelsUnlessAStartScriptNamesItself() {
    assertEquals(
        List.of("./tools/bazelw", "run", "//flink/java:Shop", "--", "--records", "5"), command());
    System.setProperty("flinkblocks.program", "./flink/java/Shop");
    assertEquals(List.of("./flink/java/Shop", "--records", "5"), command());
  }

  @Test
  void outputsAndAccountsAreThoseOfTheRun() {
    Block block =
        new Block(
            "//flink/java:Shop",
            settings -> List.of(settings.text("block")),
            settings -> List.of(settings.text("block"), "others"),
            null);
    RunOptions options = RunOptions.of(SETTINGS, block, new String[0]);
    assertEquals(
        List.of("shop", "late-events", "dead-letter"),
        options.outputs().stream().map(Output::name).toList());
    assertEquals(List.of("shop", "others"), options.analyses());
  }

  private static List<String> command() {
    return RunOptions.of(SETTINGS, BLOCK, new String[] {"--records", "5"}).command();
  }
}
