package io.flinkblocks.analytics;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.connector.jdbc.datasource.connections.JdbcConnectionProvider;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * The connection of one sink subtask to the analytics database.
 *
 * <p>The password is read whenever it connects, and kept nowhere. When the server restarts it waits
 * for it, for a while: a sink tries again at once, and failing then would cost a restart of the
 * job.
 */
final class AnalyticsConnection implements JdbcConnectionProvider {
  /** How long an outage may last before the job fails, and its own restarts begin. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final long serialVersionUID = 1;

  private static final long PAUSE_MS = 250;
  private static final int CHECK_SECONDS = 5;
  private static final int CONNECT_SECONDS = 10;

  /** A server that does not answer for so long is gone. */
  private static final int ANSWER_SECONDS = 60;

  private final String url;
  private final String user;
  private final String application;
  private final Password password;
  private final Duration patience;

  private transient Connection connection;
  private transient boolean isGivenUp;

  /** Nanoseconds of the JVM's clock at which the outage began; null when there is none. */
  private transient Long outage;

  AnalyticsConnection(Settings settings, Duration patience) {
    this.url = settings.text("analytics-jdbc-url");
    this.user = settings.find("analytics-postgres-user").orElse(null);
    this.application = settings.text("app-name");
    this.password = Password.of(settings);
    this.patience = patience;
  }

  @Override
  public Connection getConnection() {
    return connection;
  }

  @Override
  public boolean isConnectionValid() throws SQLException {
    return connection != null && !connection.isClosed() && connection.isValid(CHECK_SECONDS);
  }

  @Override
  public Connection getOrEstablishConnection() throws SQLException {
    return isConnectionValid() ? connection : reestablishConnection();
  }

  @Override
  public Connection reestablishConnection() throws SQLException {
    closeConnection();
    if (isGivenUp) {
      throw new SQLException("the connection to the analytics database was given up");
    }
    Driver driver = driver();
    while (connection == null) {
      try {
        connection = driver.connect(url, properties());
        if (connection == null) {
          throw new UserError(
              url + " is no URL of PostgreSQL", "use jdbc:postgresql://host:port/db");
        }
      } catch (SQLException e) {
        if (!SqlStates.isOutage(e) || !waits()) {
          throw e;
        }
      }
    }
    outage = null;
    return connection;
  }

  /**
   * Not by way of the DriverManager, which does not see a driver that came with the job's jars; but
   * the driver makes itself known there, and that would hold the classes of a job that has ended.
   */
  private static synchronized Driver driver() throws SQLException {
    boolean isOfTheJob =
        Driver.class.getClassLoader() == AnalyticsConnection.class.getClassLoader();
    if (isOfTheJob && Driver.isRegistered()) {
      Driver.deregister();
    }
    return new Driver();
  }

  /** Lets a moment of the outage pass; says whether another try is due. */
  private boolean waits() throws SQLException {
    long now = System.nanoTime();
    if (outage == null) {
      outage = now;
    }
    if (now - outage > patience.toNanos()) {
      return false;
    }
    try {
      Thread.sleep(PAUSE_MS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while waiting for the analytics database", e);
    }
  }

  private Properties properties() {
    Properties properties = new Properties();
    if (user != null) {
      PGProperty.USER.set(properties, user);
    }
    password.read(System.getenv()).ifPresent(it -> PGProperty.PASSWORD.set(properties, it));
    PGProperty.APPLICATION_NAME.set(properties, application);
    PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
    PGProperty.SOCKET_TIMEOUT.set(properties, ANSWER_SECONDS);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    // A plan that is kept would be one for the empty table of the beginning.
    PGProperty.PREPARE_THRESHOLD.set(properties, 0);
    // An error names what is wrong. The rows themselves are not for the log.
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    return properties;
  }

  @Override
  public void closeConnection() {
    if (connection == null) {
      return;
    }
    try {
      connection.close();
    } catch (SQLException e) {
      // It is given up either way, and what fails here is a connection that broke before.
    } finally {
      connection = null;
    }
  }

  /** Closes it for good: whoever wants to try again is told no at once. */
  void giveUp() {
    isGivenUp = true;
    closeConnection();
  }

  @Override
  public void close() {
    closeConnection();
  }
}
