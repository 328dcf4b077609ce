package io.flinkblocks.kafka;

import io.flinkblocks.stack.DevBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A real Kafka broker (KRaft, one node, transactions) as a child process on free loopback ports,
 * with its data in a temporary folder that goes with it.
 *
 * <p>It runs on the test's own class path.
 */
public final class TestingBroker implements AutoCloseable {
  /** The user of the SASL listener (PLAIN without TLS), and its password. */
  public static final String USER = "app";

  public static final String PASSWORD = "app-password";

  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final int ATTEMPTS = 3;

  private final Path folder;
  private final Process process;
  private final Thread reaper;
  private final List<Integer> ports;
  private final Admin admin;

  private TestingBroker(Path folder, Process process, List<Integer> ports) {
    this.folder = folder;
    this.process = process;
    this.ports = ports;
    // The runner leaves by System.exit, also when a test forgot to close its broker.
    this.reaper = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(reaper);
    this.admin = Admin.create(Map.of("bootstrap.servers", servers()));
  }

  /** Starts a broker and returns when it answers. */
  public static TestingBroker start() {
    return start(Map.of());
  }

  /**
   * Starts a broker with settings beside or in place of the usual ones.
   *
   * @throws IllegalStateException when it does not come up; the message holds its log
   */
  public static TestingBroker start(Map<String, String> more) {
    try {
      for (int attempt = 1; ; attempt++) {
        Path folder = Files.createTempDirectory("kafka");
        List<Integer> ports = freePorts(3);
        TestingBroker broker = new TestingBroker(folder, launch(folder, ports, more), ports);
        if (broker.awaitReady()) {
          return broker;
        }
        // It died early: another process may have been faster at taking a port.
        boolean again = !broker.process.isAlive() && attempt < ATTEMPTS;
        String log = Files.readString(folder.resolve("broker.log"));
        broker.close();
        if (!again) {
          throw new IllegalStateException("the broker did not come up\n" + log);
        }
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the broker did not come up", e);
    }
  }

  private static Process launch(Path folder, List<Integer> ports, Map<String, String> more)
      throws IOException {
    Map<String, String> config = configuration(folder.resolve("data"), ports);
    config.putAll(more);
    Path file = folder.resolve("server.properties");
    Files.write(file, config.entrySet().stream().map(Object::toString).toList());
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-Djava.io.tmpdir=" + folder,
            // Half the start-up time; a test's load never needs the better compiler.
            "-XX:TieredStopAtLevel=1",
            "-Dlog4j2.configurationFile=io/flinkblocks/stack/log4j2.properties",
            "-cp",
            System.getProperty("java.class.path"),
            DevBroker.class.getName(),
            file.toString(),
            Uuid.randomUuid().toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("broker.log").toFile())
        .start();
  }

  private static Map<String, String> configuration(Path data, List<Integer> ports) {
    String plain = "PLAINTEXT://127.0.0.1:" + ports.get(0);
    String sasl = "SASL_PLAINTEXT://127.0.0.1:" + ports.get(1);
    String controller = "127.0.0.1:" + ports.get(2);
    Map<String, String> config = new LinkedHashMap<>();
    config.put("process.roles", "broker,controller");
    config.put("node.id", "1");
    config.put("controller.quorum.voters", "1@" + controller);
    config.put("controller.listener.names", "CONTROLLER");
    config.put("listeners", plain + "," + sasl + ",CONTROLLER://" + controller);
    config.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
    config.put("sasl.enabled.mechanisms", "PLAIN");
    config.put(
        "listener.name.sasl_plaintext.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + String.format(" user_%s=\"%s\";", USER, PASSWORD));
    config.put("log.dirs", data.toString());
    config.put("auto.create.topics.enable", "false");
    config.put("offsets.topic.replication.factor", "1");
    config.put("offsets.topic.num.partitions", "1");
    config.put("group.initial.rebalance.delay.ms", "0");
    config.put("transaction.state.log.replication.factor", "1");
    config.put("transaction.state.log.min.isr", "1");
    config.put("transaction.state.log.num.partitions", "1");
    config.put("transaction.max.timeout.ms", "3600000");
    config.put("share.coordinator.state.topic.replication.factor", "1");
    config.put("share.coordinator.state.topic.min.isr", "1");
    return config;
  }

  /** Different ports that were free a moment ago. */
  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Whether the broker answers; false when it ended or took too long. */
  private boolean awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      try {
        // Each question waits inside the client until the port opens.
        DescribeClusterOptions patience = new DescribeClusterOptions().timeoutMs(1000);
        if (!admin.describeCluster(patience).nodes().get().isEmpty()) {
          return true;
        }
      } catch (ExecutionException e) {
        // Not up yet.
      }
    }
    return false;
  }

  /** The bootstrap address of the listener without security. */
  public String servers() {
    return "127.0.0.1:" + ports.get(0);
  }

  /** The bootstrap address of the SASL listener. */
  public String saslServers() {
    return "127.0.0.1:" + ports.get(1);
  }

  /** A client for all that the helpers here do not cover; closed with the broker. */
  public Admin admin() {
    return admin;
  }

  /** Creates a topic, with settings as {@code "retention.ms", "1000"}. */
  public void createTopic(String name, int partitions, String... settings) {
    Map<String, String> config = new LinkedHashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      config.put(settings[i], settings[i + 1]);
    }
    NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(config);
    get(admin.createTopics(List.of(topic)).all());
    Leaders.await(admin, List.of(name), partitions);
  }

  /** Adds partitions to a topic, up to the given number. */
  public void growTopic(String name, int partitions) {
    get(admin.createPartitions(Map.of(name, NewPartitions.increaseTo(partitions))).all());
    Leaders.await(admin, List.of(name), partitions);
  }

  /** A producer of bytes. */
  public KafkaProducer<byte[], byte[]> producer() {
    // One request at a time: when a fresh partition refuses a producer's first batch but takes the
    // second, the broker refuses the first for ever after as out of sequence.
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", servers(), "max.in.flight.requests.per.connection", "1"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /**
   * All that a topic holds for a reader of committed records, partition after partition.
   *
   * @throws IllegalStateException when an open transaction hides the topic's end
   */
  public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
    if (!ends("read_uncommitted", topic).equals(ends("read_committed", topic))) {
      throw new IllegalStateException("a transaction is open on " + topic);
    }
    return committedSoFar(topic);
  }

  /** What a reader of committed records sees now; more may follow. */
  public List<ConsumerRecord<byte[], byte[]>> committedSoFar(String topic) {
    Map<TopicPartition, Long> ends = ends("read_committed", topic);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    // A stable sort: within a partition they are in order already.
    records.sort(Comparator.comparingInt(ConsumerRecord::partition));
    return records;
  }

  private Map<TopicPartition, Long> ends(String isolation, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(isolation)) {
      return consumer.endOffsets(
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .collect(Collectors.toSet()));
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", servers(), "isolation.level", isolation),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** The value of a future of the admin client. */
  public static <T> T get(Future<T> future) {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
    // Nothing is kept, so nothing needs an orderly end.
    process.destroyForcibly();
    try {
      process.waitFor();
      Runtime.getRuntime().removeShutdownHook(reaper);
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new IllegalStateException("cannot delete " + folder, e);
    }
  }
}
