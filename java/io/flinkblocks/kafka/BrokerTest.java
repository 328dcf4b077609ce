package io.flinkblocks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerTest {
  private static TestingBroker broker;

  @TempDir private Path temp;

  /** Clients of the listener without security may do all, the SASL user nothing. */
  @BeforeAll
  static void startBroker() {
    broker =
        TestingBroker.start(
            Map.of(
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users",
                "User:ANONYMOUS"));
    broker.createTopic("dev.events", 3);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void reportsTheClusterAndTheTransactionTimeout() {
    Broker.Report report = Broker.checkWithInput(settings(broker.servers()));
    assertEquals(1, report.brokers());
    assertFalse(report.clusterId().isEmpty());
    assertEquals(OptionalLong.of(3_600_000), report.maxTransactionMs());
    assertEquals(3_600_000, report.transactionMs());
    assertEquals(OptionalInt.of(3), report.inputPartitions());
    assertEquals(
        "Kafka at "
            + broker.servers()
            + ": 1 broker, transactions of 3600 s (the brokers' transaction.max.timeout.ms is"
            + " 3600000), input partitions: 3",
        report.line());
  }

  @Test
  void countsOnTheDefaultWhereItMayNotAsk() throws IOException {
    Settings settings = sasl(TestingBroker.PASSWORD);
    Broker.Report report = Broker.check(settings);
    assertEquals(OptionalLong.empty(), report.maxTransactionMs());
    assertEquals(900_000, report.transactionMs());
    assertTrue(report.line().contains("no right to see"), report.line());
    assertRefused(() -> Broker.checkWithInput(settings), "dev.events", "Read");
    assertRefused(
        () -> Topics.prepareOutputs(List.of("late-events"), settings), "dev.late-events", "Create");
    ResourcePattern topics =
        new ResourcePattern(ResourceType.TOPIC, "dev.late", PatternType.PREFIXED);
    allow(topics, AclOperation.CREATE);
    allow(topics, AclOperation.DESCRIBE);
    assertRefused(
        () -> Topics.prepareOutputs(List.of("late-events"), settings), "dev.late-events", "Read");
    allow(topics, AclOperation.READ);
    // Created before, so taken as it is: its settings are not ours to see.
    Topics.prepareOutputs(List.of("late-events"), settings);
  }

  private static void allow(ResourcePattern topics, AclOperation right) {
    AccessControlEntry entry =
        new AccessControlEntry("User:" + TestingBroker.USER, "*", right, AclPermissionType.ALLOW);
    TestingBroker.get(broker.admin().createAcls(List.of(new AclBinding(topics, entry))).all());
  }

  @Test
  void aWrongPasswordIsToldFromAMissingBroker() throws IOException {
    Settings settings = sasl("not-the-password");
    UserError error =
        assertRefused(() -> Broker.check(settings), "refused the login", "the password");
    assertFalse(error.getMessage().contains("not-the-password"), error.getMessage());
    assertRefused(
        () -> Broker.check(settings(broker.saslServers())), "no answer", "--kafka-config");
  }

  @Test
  void tlsOnAPlainListenerIsSuspected() throws IOException {
    Path file = Files.writeString(temp.resolve("tls"), "security.protocol=SSL");
    Settings settings = settings(broker.servers(), "kafka-config", file.toString());
    assertRefused(() -> Broker.check(settings), "no answer", "security.protocol in " + file);
  }

  @Test
  void wrongServersAreNamed() throws IOException {
    String servers;
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      servers = "127.0.0.1:" + silent.getLocalPort();
      assertRefused(() -> Broker.check(settings(servers)), "no answer from Kafka at " + servers);
    }
    assertRefused(() -> Broker.check(settings(servers)), "no answer from Kafka at " + servers);
    assertRefused(() -> Broker.check(settings("127.0.0.1")), "127.0.0.1", "HOST:PORT");
    assertRefused(() -> Broker.check(settings("no-such-host.invalid:9092")), "no-such-host");
  }

  @Test
  void unusableClientSettingsShowNoSecret() throws IOException {
    Path file =
        Files.writeString(
            temp.resolve("broken"),
            "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\n"
                + "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule"
                + " required username=app password=hidden-one hidden-two;\n");
    Settings settings = settings(broker.servers(), "kafka-config", file.toString());
    UserError error = assertRefused(() -> Broker.check(settings), "cannot be used", "correct");
    assertFalse(error.getMessage().contains("hidden"), error.getMessage());
  }

  @Test
  void aTransactionOutlivesACheckpointIntervalAndARestart() {
    assertEquals(3_600_000, Broker.transactionTimeout(OptionalLong.of(86_400_000), 10_000));
    assertEquals(900_000, Broker.transactionTimeout(OptionalLong.of(900_000), 10_000));
    assertEquals(7_320_000, Broker.transactionTimeout(OptionalLong.of(86_400_000), 7_200_000));
    UserError error =
        assertRefused(
            () -> Broker.transactionTimeout(OptionalLong.of(60_000), 10_000),
            "may be open for 60 s",
            "transaction.max.timeout.ms above 130000");
    assertTrue(error.cure().contains("--checkpoint-interval"), error.cure());
    assertRefused(() -> Broker.transactionTimeout(OptionalLong.empty(), 800_000), "no right");
  }

  private static UserError assertRefused(Runnable call, String... parts) {
    UserError error = assertThrows(UserError.class, call::run);
    for (String part : parts) {
      String text = error.getMessage() + "; " + error.cure();
      assertTrue(text.contains(part), text);
    }
    return error;
  }

  private Settings sasl(String password) throws IOException {
    Path file =
        Files.writeString(
            temp.resolve("sasl"),
            "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\n"
                + "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule"
                + String.format(
                    " required username=\"%s\" password=\"%s\";\n", TestingBroker.USER, password));
    return settings(broker.saslServers(), "kafka-config", file.toString());
  }

  private static Settings settings(String servers, String... more) {
    Map<String, String> values = new TreeMap<>();
    values.put("kafka-servers", servers);
    values.put("kafka-topic", "events");
    values.put("topic-prefix", "dev.");
    values.put("kafka-partitions", "2");
    values.put("checkpoint-interval", "10000");
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    return Settings.of(values);
  }
}
