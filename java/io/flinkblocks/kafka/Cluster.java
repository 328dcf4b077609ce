package io.flinkblocks.kafka;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * An admin client that answers in bounded time, and whose failures are {@link UserError}s that name
 * the servers.
 */
final class Cluster {
  /** How long one question may wait for an answer. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

  /** How long all of them may take: name resolution, for one, has no limit of its own. */
  private static final Duration ALL_WITHIN = Duration.ofSeconds(12);

  private final KafkaProperties kafka;
  private final Admin admin;

  private Cluster(KafkaProperties kafka, Admin admin) {
    this.kafka = kafka;
    this.admin = admin;
  }

  /**
   * Connects, asks and disconnects.
   *
   * @throws UserError when the cluster cannot be reached, refuses the login, or fails otherwise
   */
  static <T> T ask(Settings settings, Function<Cluster, T> questions) {
    KafkaProperties kafka = KafkaProperties.of(settings);
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              try (Admin admin = connect(kafka)) {
                return questions.apply(new Cluster(kafka, admin));
              }
            });
    Thread thread = new Thread(task, "kafka-questions");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(ALL_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException failure) {
        throw refused(kafka, failure);
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (java.util.concurrent.TimeoutException e) {
      task.cancel(true);
      throw unreachable(kafka, ALL_WITHIN, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static Admin connect(KafkaProperties kafka) {
    Properties properties = kafka.toProperties();
    int patience = (int) ANSWER_WITHIN.toMillis();
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, patience);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, patience);
    try {
      return Admin.create(properties);
    } catch (KafkaException e) {
      throw new UserError(
          "the settings for " + kafka + " cannot be used: " + kafka.mask(rootMessage(e)),
          "give --kafka-servers as HOST:PORT[,HOST:PORT]"
              + kafka.file().map(file -> " and correct " + file).orElse(""),
          null);
    }
  }

  Admin admin() {
    return admin;
  }

  KafkaProperties kafka() {
    return kafka;
  }

  /**
   * The answer.
   *
   * @throws UserError when none comes in time or the login is refused
   * @throws KafkaException the broker's own error otherwise
   */
  <T> T get(KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TimeoutException timeout) {
        throw unreachable(kafka, ANSWER_WITHIN, timeout);
      }
      if (e.getCause() instanceof SslAuthenticationException tls) {
        throw new UserError(
            "the TLS handshake with " + kafka + " failed: " + kafka.mask(rootMessage(tls)),
            "check the truststore and the keystore in --kafka-config, and that the port is a TLS"
                + " listener",
            tls);
      }
      if (e.getCause() instanceof AuthenticationException login) {
        throw new UserError(
            kafka + " refused the login: " + kafka.mask(rootMessage(login)),
            "check the mechanism, the user and the password in --kafka-config",
            login);
      }
      throw e.getCause() instanceof KafkaException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  /** Waits a little before the same question is asked again. */
  void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static UserError unreachable(KafkaProperties kafka, Duration waited, Exception cause) {
    return new UserError(
        "no answer from " + kafka + " within " + waited.toSeconds() + " s",
        "start the broker or correct --kafka-servers; its advertised.listeners must be reachable"
            + " from here, and "
            + kafka
                .file()
                .map(file -> "security.protocol in " + file + " must be the listener's")
                .orElse("a listener with TLS or SASL needs --kafka-config"),
        cause);
  }

  private static UserError refused(KafkaProperties kafka, KafkaException cause) {
    return new UserError(
        kafka + " answered with an error: " + kafka.mask(rootMessage(cause)),
        "see the broker's log and the rights of this user",
        cause);
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
