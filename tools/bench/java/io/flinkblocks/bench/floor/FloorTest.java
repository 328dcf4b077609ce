package io.flinkblocks.bench.floor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flinkblocks.bench.Run;
import io.flinkblocks.bench.StateOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloorTest {
  private static final long NOON = 1_700_000_000_000L;

  @TempDir Path folder;

  @Test
  void anEventWithinTheDisorderIsUsed() throws IOException {
    assertEquals(2, run(NOON, NOON - 5_000).size());
  }

  @Test
  void anEventBehindTheWatermarkEndsIt() {
    assertThrows(IllegalStateException.class, () -> run(NOON, NOON - 5_001));
  }

  /** Two large purchases. */
  private List<String> run(long first, long second) throws IOException {
    Path input = folder.resolve("in.jsonl");
    Files.write(input, List.of(purchase("e1", first), purchase("e2", second)));
    Path output = folder.resolve("out");
    StateOptions state = new StateOptions("hashmap", Duration.ZERO);
    new Floor()
        .run(
            new Run("streaming_analytics", List.of("high-value"), List.of(), input, output, state));
    return Files.readAllLines(output.resolve("high-value-transactions/part.jsonl"));
  }

  private static String purchase(String id, long time) {
    return """
    {"event_id":"%s","user_id":"u","session_id":"s","product_id":"p","category":"c",\
    "action":"purchase","price":2000,"quantity":1,"timestamp":%d}\
    """
        .formatted(id, time);
  }
}
