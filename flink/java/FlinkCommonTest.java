package io.flinkblocks.blocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkblocks.config.Settings;
import io.flinkblocks.flags.Flags;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases that the Python test reads too. */
class FlinkCommonTest {
  private static final String BLOCK = "demo";
  private static final JsonNode FIXTURE = fixture();

  @TempDir Path folder;

  private static JsonNode fixture() {
    try {
      return new ObjectMapper().readTree(Path.of("flink/python/flag_cases.json").toFile());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A case, shown by its name. */
  record Case(JsonNode json) {
    @Override
    public String toString() {
      return json.get("name").asText();
    }
  }

  static Stream<Case> cases() {
    return elements(FIXTURE.get("cases")).stream().map(Case::new);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void comesToTheSameAsInPython(Case one) throws IOException {
    write(one.json().path("files"), StandardCharsets.UTF_8);
    write(one.json().path("latin1_files"), StandardCharsets.ISO_8859_1);
    Map<String, String> env = texts(FIXTURE.get("env"));
    env.putAll(texts(one.json().path("env")));
    String[] argv =
        elements(one.json().get("argv")).stream().map(this::filled).toArray(String[]::new);
    FlinkCommon.Outcome outcome = FlinkCommon.outcome(argv, env, BLOCK);
    if (one.json().has("error")) {
      assertEquals("error: " + filled(one.json().get("error")), outcome.text());
      assertEquals(2, outcome.exitCode());
    } else if (one.json().has("show")) {
      assertEquals(0, outcome.exitCode());
      for (JsonNode line : one.json().get("show")) {
        assertTrue(
            outcome.text().lines().anyMatch(shown -> shown.startsWith(filled(line))),
            () -> line + " is not in\n" + outcome.text());
      }
    } else {
      assertEquals("", outcome.text());
      checkSettings(one.json(), outcome.settings());
      Flags flags = Flags.resolve(argv, env, BLOCK);
      texts(one.json().path("secrets"))
          .forEach((name, secret) -> assertEquals(Optional.of(secret), flags.secret(name)));
    }
  }

  private void checkSettings(JsonNode one, Settings settings) {
    texts(one.path("settings"))
        .forEach((flag, value) -> assertEquals(Optional.of(value), settings.find(flag), flag));
    for (JsonNode flag : one.path("unset")) {
      assertEquals(Optional.empty(), settings.find(flag.asText()), flag.asText());
    }
  }

  @Test
  void defaults() {
    Settings settings = FlinkCommon.parse(new String[0], texts(FIXTURE.get("env")), BLOCK);
    assertEquals(
        new TreeMap<>(texts(FIXTURE.get("all_defaults"))), new TreeMap<>(settings.values()));
  }

  @Test
  void helpCountsBeforeMistakes() {
    FlinkCommon.Outcome help =
        FlinkCommon.outcome(new String[] {"--rate", "x", "--help"}, Map.of(), BLOCK);
    assertEquals(0, help.exitCode());
    assertTrue(help.text().startsWith("usage: demo [flags]\n\nEvery kind of flag.\n"), help.text());
  }

  @Test
  void secretsAreShownNowhere() {
    String planted = "planted-9f3b";
    Map<String, String> env = texts(FIXTURE.get("env"));
    env.put("POSTGRES_PASSWORD", planted);
    Flags flags = Flags.resolve(new String[0], env, BLOCK);
    assertEquals(Optional.of(planted), flags.secret("postgres-password"));
    assertFalse((flags.showConfig() + flags.settings().values() + flags).contains(planted));
  }

  @Test
  void onlySecretsAreSecrets() {
    Flags flags = Flags.resolve(new String[0], Map.of(), BLOCK);
    assertEquals(Optional.empty(), flags.secret("app-name"));
    assertEquals(Optional.empty(), flags.secret("postgres-password"));
  }

  @Test
  void aBlockWithoutTable() {
    assertThrows(IllegalArgumentException.class, () -> Flags.help("no_such_block"));
  }

  private void write(JsonNode files, Charset charset) throws IOException {
    for (String name : names(files)) {
      Files.writeString(folder.resolve(name), files.get(name).asText(), charset);
    }
  }

  private Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new HashMap<>();
    names(object).forEach(name -> texts.put(name, filled(object.get(name))));
    return texts;
  }

  private String filled(JsonNode text) {
    return text.asText().replace("{dir}", folder.toString());
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<JsonNode> elements(JsonNode list) {
    List<JsonNode> elements = new ArrayList<>();
    list.forEach(elements::add);
    return elements;
  }
}
