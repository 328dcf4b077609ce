package io.flinkblocks.kafka;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every Kafka client of a run needs to connect: {@code --kafka-servers}, and the file of
 * {@code --kafka-config} with its SASL and TLS settings.
 *
 * <p>The file may be one that other Kafka tools use as well: settings that are the run's own
 * business (the consumer group, serializers, delivery) are left out, and a warning names them.
 * Secrets show in no text that this class makes.
 */
public final class KafkaProperties {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaProperties.class);

  /** Decided by flags or by the exactly-once contract, so not by a file. */
  private static final Set<String> OURS =
      Set.of(
          "acks",
          "auto.offset.reset",
          "bootstrap.servers",
          "enable.auto.commit",
          "enable.idempotence",
          "group.id",
          "isolation.level",
          "key.deserializer",
          "key.serializer",
          "max.request.size",
          "transaction.timeout.ms",
          "transactional.id",
          "value.deserializer",
          "value.serializer");

  private static final Pattern SECRET = Pattern.compile("password|secret|jaas|token|credential");
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
  private static final Set<String> JAAS_KEYS = Set.of("username", "password");

  private final String servers;
  private final Optional<String> file;
  private final Properties properties;

  private KafkaProperties(String servers, Optional<String> file, Properties properties) {
    this.servers = servers;
    this.file = file;
    this.properties = properties;
  }

  /**
   * The connection that the flags describe.
   *
   * @throws UserError when the file of {@code --kafka-config} is missing or is no properties file
   */
  public static KafkaProperties of(Settings settings) {
    String servers = settings.text("kafka-servers");
    Optional<String> file = settings.find("kafka-config");
    Properties properties = file.map(KafkaProperties::load).orElseGet(Properties::new);
    Set<String> ignored = new TreeSet<>(properties.stringPropertyNames());
    ignored.retainAll(OURS);
    if (!ignored.isEmpty()) {
      LOG.warn("--kafka-config {}: not used, the run decides on {}", file.orElse(""), ignored);
      ignored.forEach(properties::remove);
    }
    properties.setProperty("bootstrap.servers", servers);
    return new KafkaProperties(servers, file, properties);
  }

  /**
   * What a source's consumer takes: the connection, {@code --kafka-group-id}, records as bytes, and
   * none but committed ones. It holds the secrets in clear text: do not log it.
   *
   * @throws UserError when the file of {@code --kafka-config} is missing or is no properties file
   */
  public static Properties ofReader(Settings settings) {
    Properties properties = of(settings).toProperties();
    String bytes = ByteArrayDeserializer.class.getName();
    properties.setProperty(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, bytes);
    properties.setProperty(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, bytes);
    String group =
        settings
            .find("kafka-group-id")
            .orElseGet(() -> settings.text("app-name") + "-" + settings.text("block"));
    properties.setProperty(ConsumerConfig.GROUP_ID_CONFIG, group);
    properties.setProperty(KafkaSourceOptions.CLIENT_ID_PREFIX.key(), group);
    properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    return properties;
  }

  private static Properties load(String file) {
    Properties properties = new Properties();
    try (Reader reader = new StringReader(Files.readString(Path.of(file)))) {
      properties.load(reader);
    } catch (NoSuchFileException e) {
      throw unusable(file, "there is no such file", e);
    } catch (AccessDeniedException e) {
      throw unusable(file, "it may not be read", e);
    } catch (CharacterCodingException e) {
      throw unusable(file, "it is no text in UTF-8", e);
    } catch (IllegalArgumentException e) {
      throw unusable(file, "it has a malformed \\u escape, or its name is no path", e);
    } catch (IOException e) {
      throw unusable(file, Files.isDirectory(Path.of(file)) ? "it is a folder" : "unreadable", e);
    }
    for (String name : properties.stringPropertyNames()) {
      // YAML, JSON and a key without a value are all "properties" to the loader.
      if (!name.matches("[A-Za-z0-9._-]+") || properties.getProperty(name).isBlank()) {
        throw unusable(file, "a line is not of the form name=value", null);
      }
    }
    return properties;
  }

  private static UserError unusable(String file, String why, Exception cause) {
    return new UserError(
        "--kafka-config " + file + " cannot be used: " + why,
        "name a Kafka client properties file, as security.protocol=SASL_SSL in a line of its own",
        cause);
  }

  /** The bootstrap servers. */
  public String servers() {
    return servers;
  }

  /** The file of {@code --kafka-config}, if one is given. */
  public Optional<String> file() {
    return file;
  }

  /** A copy for one client. It holds the secrets in clear text: do not log it. */
  public Properties toProperties() {
    Properties copy = new Properties();
    copy.putAll(properties);
    return copy;
  }

  /** A text, as of a client's error, with every secret of the file blotted out. */
  public String mask(String text) {
    List<String> secrets = new ArrayList<>();
    for (String name : properties.stringPropertyNames()) {
      if (SECRET.matcher(name.toLowerCase(Locale.ROOT)).find() || name.endsWith(".key")) {
        secrets.add(properties.getProperty(name));
      }
      if (name.endsWith("jaas.config")) {
        secrets.addAll(jaasValues(properties.getProperty(name)));
      }
    }
    // The longest first: one may be part of another.
    secrets.sort(Comparator.comparingInt(String::length).reversed());
    for (String secret : secrets) {
      // Whole words, or a password "a" would leave nothing readable.
      text = text.replaceAll("(?<!\\w)" + Pattern.quote(secret) + "(?!\\w)", "***");
    }
    return text;
  }

  /**
   * All that may be secret in a JAAS entry: quoted values, and every word behind login module and
   * flag, as a malformed entry may have its secrets anywhere.
   */
  private static List<String> jaasValues(String entry) {
    Stream<String> quoted = QUOTED.matcher(entry).results().map(match -> match.group(1));
    Stream<String> words =
        Stream.of(entry.split("[\\s=;\"]+")).skip(2).filter(word -> !JAAS_KEYS.contains(word));
    return Stream.concat(quoted, words).filter(value -> !value.isEmpty()).toList();
  }

  @Override
  public String toString() {
    return "Kafka at " + servers + file.map(name -> " with " + name).orElse("");
  }
}
