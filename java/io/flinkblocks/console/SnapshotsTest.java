package io.flinkblocks.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On what Flink answered to the Python console. */
class SnapshotsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Snapshot STARTING = Snapshot.starting("ab");

  private static ObjectNode recorded(String name) {
    try {
      return (ObjectNode)
          MAPPER.readTree(Path.of("python/flinkblocks/console/testdata", name + ".json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Snapshot of(String name) {
    return Snapshots.of(recorded(name), STARTING);
  }

  @Test
  void runningJob() {
    Snapshot s = of("running");
    JsonNode job = recorded("running").get("job");
    assertEquals("testing", s.job().name());
    assertEquals("RUNNING", s.job().state());
    assertTrue(s.job().reachable() && s.job().running());
    assertEquals(job.get("duration").longValue(), s.job().uptimeMs());
    assertTrue(s.flow().recordsIn() > 1000);
    assertEquals(s.flow().counters().get("accounting.source.read"), s.flow().recordsIn());
    assertEquals(0, s.flow().late());
    assertEquals(0, s.flow().deadLettered());
    assertNull(s.flow().rate());
    assertTrue(s.eventTime().watermarkMs() > 1_704_067_200_000L);
    assertEquals(job.get("now").longValue() - s.eventTime().watermarkMs(), s.eventTime().lagMs());
    assertFalse(s.eventTime().inputEnded());
    assertEquals(new Snapshot.Splits(2L, 0L), s.splits());
    assertTrue(s.checkpoints().completed() >= 2);
    assertTrue(s.checkpoints().sizeBytes() > 1000);
    assertTrue(s.checkpoints().path().startsWith("file:/state/checkpoints/"));
    assertNotNull(s.backpressure().backpressure());
    assertEquals(0, s.job().restarts());
  }

  @Test
  void startingJobHasTasksThatDoNotRunYet() {
    Snapshot s = of("starting");
    assertEquals("RUNNING", s.job().state());
    assertFalse(s.job().running());
    assertNull(s.flow().recordsIn());
    assertNull(s.flow().late());
    // Flink counts one, as not every task ran when it was to begin.
    assertEquals(0, s.checkpoints().failed());
  }

  @Test
  void idleSplits() {
    assertEquals(new Snapshot.Splits(2L, 2L), of("idle").splits());
  }

  @Test
  void restartedJobNamesItsFailure() {
    Snapshot s = of("restarted");
    assertTrue(s.job().restarts() >= 2);
    assertTrue(s.job().lastFailure().startsWith("record 1500 is too much"));
  }

  @Test
  void endpointGoneKeepsWhatWasKnown() {
    Snapshot before = of("running");
    Snapshot after = Snapshots.of(MAPPER.createObjectNode(), before);
    assertFalse(after.job().reachable() || after.job().running());
    assertEquals(before.flow(), after.flow());
    assertEquals(before.checkpoints(), after.checkpoints());
  }

  @Test
  void missingDocumentsKeepCountsAndCheckpoints() {
    Snapshot before = of("running");
    ObjectNode job = MAPPER.createObjectNode();
    job.set("job", recorded("running").get("job"));
    Snapshot after = Snapshots.of(job, before);
    assertEquals(before.flow().counters(), after.flow().counters());
    assertEquals(before.checkpoints(), after.checkpoints());
    assertNull(after.eventTime().watermarkMs());
    assertNull(after.splits().splits());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "7000, -9223372036854775808, 5000, 5000, false",
        "-9223372036854775808, -9223372036854775808, NaN, -, false",
        "9223372036854775807, 9223372036854775807, 9223372036854775807, -, true"
      })
  void watermarkIsTheEarliestThatHasArrived(
      String a, String b, String c, Long earliest, boolean ended) {
    ObjectNode documents = recorded("running");
    ArrayNode entries = MAPPER.createArrayNode();
    List.of(a, b, c).forEach(value -> entries.addObject().put("value", value));
    documents.putObject("watermarks").set("vertex", entries);
    Snapshot s = Snapshots.of(documents, STARTING);
    assertEquals(earliest, s.eventTime().watermarkMs());
    assertEquals(ended, s.eventTime().inputEnded());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"1.7e12, 1700000000000, false", "9.3e18, -, true", "-9.3e18, -, false"})
  void watermarkOfAJobInOneChain(double least, Long watermark, boolean ended) {
    ObjectNode documents = recorded("running");
    documents.putObject("watermarks");
    ObjectNode source = (ObjectNode) documents.get("source");
    String vertex = source.fieldNames().next();
    ArrayNode metrics = source.putArray(vertex);
    metrics.addObject().put("id", "a.currentOutputWatermark").put("min", least);
    Snapshot s = Snapshots.of(documents, STARTING);
    assertEquals(watermark, s.eventTime().watermarkMs());
    assertEquals(ended, s.eventTime().inputEnded());
  }

  private static Snapshot counted(long read, long now, Snapshot last) {
    ObjectNode documents = recorded("running");
    ((ObjectNode) documents.get("job")).put("now", now);
    ObjectNode accumulators = documents.putObject("accumulators");
    accumulators
        .putArray("user-task-accumulators")
        .addObject()
        .put("name", "accounting.source.read")
        .put("value", Long.toString(read));
    return Snapshots.of(documents, last);
  }

  @Test
  void rateWhenCountsArriveInSteps() {
    Snapshot s = counted(1000, 10_000, STARTING);
    s = counted(1000, 11_000, s);
    s = counted(1000, 19_000, s);
    assertNull(s.flow().rate());
    s = counted(21_000, 20_000, s);
    assertEquals(2000, s.flow().rate());
    assertEquals(2000, counted(21_000, 25_000, s).flow().rate());
    assertEquals(0, counted(21_000, 40_000, s).flow().rate());
    // After a restart it begins anew.
    assertNull(counted(3000, 21_000, s).flow().rate());
  }

  @Test
  void anythingAnywhereIsSurvived() {
    Random random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      ObjectNode documents = recorded(random.nextBoolean() ? "running" : "restarted");
      List<JsonNode> containers = new ArrayList<>();
      collect(documents, containers);
      spoil(containers.get(random.nextInt(containers.size())), random);
      assertNotNull(PlainFace.line(Snapshots.of(documents, of("idle"))));
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode() && !node.isEmpty()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private static void spoil(JsonNode container, Random random) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    List<JsonNode> values =
        List.of(
            make.nullNode(),
            make.booleanNode(true),
            make.numberNode(random.nextLong()),
            make.numberNode(1e300),
            make.textNode("NaN"),
            make.textNode("9".repeat(50)),
            make.arrayNode().add(1),
            make.objectNode().put("id", 1));
    JsonNode value = values.get(random.nextInt(values.size()));
    int place = random.nextInt(container.size());
    if (container instanceof ArrayNode array) {
      array.set(place, value);
    } else if (container instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      object.set(names.get(place), value);
    }
  }
}
