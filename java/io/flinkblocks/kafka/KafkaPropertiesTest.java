package io.flinkblocks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaPropertiesTest {
  private static final String SASL =
      """
      security.protocol=SASL_SSL
      sasl.mechanism=PLAIN
      sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
        username="shop" password="s3cret pass";
      ssl.truststore.password=changeit
      bootstrap.servers=elsewhere:9092
      group.id=other
      acks=1
      """;

  @TempDir private Path temp;

  @Test
  void withoutAFileThereAreTheServersAlone() {
    KafkaProperties kafka = KafkaProperties.of(Settings.of(Map.of("kafka-servers", "a:1,b:2")));
    assertEquals(Map.of("bootstrap.servers", "a:1,b:2"), kafka.toProperties());
    assertEquals("Kafka at a:1,b:2", kafka.toString());
  }

  @Test
  void theFileAddsItsSettingsExceptThoseThatTheRunDecides() throws IOException {
    Properties properties = read(SASL).toProperties();
    assertEquals("SASL_SSL", properties.getProperty("security.protocol"));
    assertEquals("changeit", properties.getProperty("ssl.truststore.password"));
    assertTrue(properties.getProperty("sasl.jaas.config").endsWith("password=\"s3cret pass\";"));
    assertEquals("a:1", properties.getProperty("bootstrap.servers"));
    assertNull(properties.getProperty("group.id"));
    assertNull(properties.getProperty("acks"));
  }

  @Test
  void aCopyIsOnesOwn() throws IOException {
    KafkaProperties kafka = read(SASL);
    kafka.toProperties().clear();
    assertEquals("PLAIN", kafka.toProperties().getProperty("sasl.mechanism"));
  }

  @Test
  void secretsAreBlottedOut() throws IOException {
    KafkaProperties kafka = read(SASL);
    assertFalse(kafka.toString().contains("s3cret"), kafka.toString());
    String jaas = kafka.toProperties().getProperty("sasl.jaas.config");
    assertEquals(
        "user *** with *** and ***: ***",
        kafka.mask("user shop with s3cret pass and changeit: " + jaas));
  }

  @Test
  void anUnusableFileIsNamedWithTheReason() throws IOException {
    assertRefused(temp.resolve("missing"), "there is no such file");
    assertRefused(temp, "it is a folder");
    assertRefused(write("a=\\u12"), "malformed");
    assertRefused(write("{\"security.protocol\": \"SASL_SSL\"}"), "not of the form name=value");
    assertRefused(write("security.protocol"), "not of the form name=value");
    Path binary = temp.resolve("binary");
    Files.write(binary, new byte[] {'a', '=', (byte) 0xff});
    assertRefused(binary, "UTF-8");
  }

  private static void assertRefused(Path file, String reason) {
    Settings settings =
        Settings.of(Map.of("kafka-servers", "a:1", "kafka-config", file.toString()));
    UserError error = assertThrows(UserError.class, () -> KafkaProperties.of(settings));
    assertTrue(error.getMessage().contains("--kafka-config " + file), error.getMessage());
    assertTrue(error.getMessage().contains(reason), error.getMessage());
  }

  private KafkaProperties read(String text) throws IOException {
    return KafkaProperties.of(
        Settings.of(Map.of("kafka-servers", "a:1", "kafka-config", write(text).toString())));
  }

  private Path write(String text) throws IOException {
    return Files.writeString(temp.resolve("client.properties"), text);
  }
}
