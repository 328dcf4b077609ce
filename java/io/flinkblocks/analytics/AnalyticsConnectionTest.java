package io.flinkblocks.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyticsConnectionTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path folder;

  @BeforeEach
  void password() throws IOException {
    Files.writeString(folder.resolve("password"), "first\n");
  }

  @Test
  void itWaitsForAServerThatStarts() throws Exception {
    try (TestingServer server = TestingServer.refusing("57P03", "53300", "28P01");
        AnalyticsConnection connection = connection(server.url(), LONG)) {
      SQLException refusal = assertThrows(SQLException.class, connection::getOrEstablishConnection);
      assertEquals("28P01", refusal.getSQLState());
      assertEquals(List.of("first", "first", "first"), server.passwords());
      assertNull(connection.getConnection());
      assertFalse(connection.isConnectionValid());
    }
  }

  @Test
  void anOutageThatLastsIsAFailure() throws Exception {
    String url;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      url = "jdbc:postgresql://127.0.0.1:" + free.getLocalPort() + "/analytics";
    }
    try (AnalyticsConnection connection = connection(url, Duration.ZERO)) {
      // The second time it is the same outage, which has lasted long enough.
      for (int i = 0; i < 2; i++) {
        SQLException outage = assertThrows(SQLException.class, connection::reestablishConnection);
        assertTrue(SqlStates.isOutage(outage), outage.getSQLState());
      }
    }
  }

  @Test
  void thePasswordIsReadForEachConnection() throws Exception {
    try (TestingServer server = TestingServer.refusing("28P01", "28P01");
        AnalyticsConnection connection = connection(server.url(), LONG)) {
      assertThrows(SQLException.class, connection::getOrEstablishConnection);
      Files.writeString(folder.resolve("password"), "second");
      assertThrows(SQLException.class, connection::reestablishConnection);
      assertEquals(List.of("first", "second"), server.passwords());
    }
  }

  @Test
  void waitingEndsWhenTheTaskIsCancelled() throws Exception {
    try (TestingServer server = TestingServer.refusing("57P03", "57P03", "57P03");
        AnalyticsConnection connection = connection(server.url(), LONG)) {
      Thread.currentThread().interrupt();
      SQLException end = assertThrows(SQLException.class, connection::reestablishConnection);
      assertTrue(Thread.interrupted());
      assertTrue(end.getMessage().contains("interrupted"), end.getMessage());
    }
  }

  @Test
  void anotherDatabasesUrlIsTheUsersToCorrect() {
    try (AnalyticsConnection connection = connection("jdbc:mysql://127.0.0.1/x", LONG)) {
      UserError error = assertThrows(UserError.class, connection::reestablishConnection);
      assertTrue(error.getMessage().contains("jdbc:mysql"), error.getMessage());
    }
  }

  private AnalyticsConnection connection(String url, Duration patience) {
    return new AnalyticsConnection(
        Settings.of(
            Map.of(
                "app-name",
                "shop",
                "analytics-jdbc-url",
                url,
                "analytics-postgres-user",
                "analytics",
                "analytics-postgres-password-file",
                folder.resolve("password").toString())),
        patience);
  }
}
