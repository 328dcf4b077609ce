package io.flinkblocks.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperatorFactory;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// Flink's harness declares a close() that may be interrupted.
@SuppressWarnings("try")
class UpsertSinkTest {
  private static final StreamRecord<Batch> BATCH =
      new StreamRecord<>(new Batch(List.of(Upsert.delete(7))));

  @TempDir Path folder;

  @Test
  void aRefusedStatementEndsTheJobAndNotTheTaskManager() throws Exception {
    // The connector asks whether the connection still works, and this server says no to that, too.
    try (TestingServer server =
            TestingServer.refusingStatements("22003", "22003", "22003", "22003", "22003");
        var writer = writer(server.url())) {
      Exception refusal =
          assertThrows(SuppressRestartsException.class, () -> writer.processElement(BATCH));
      assertEquals(
          "the analytics database refuses customer_analytics: ERROR: not now",
          refusal.getCause().getMessage());
      int connections = server.passwords().size();
      writer.close();
      assertEquals(connections, server.passwords().size());
    }
  }

  @Test
  void aRefusedPasswordEndsTheJob() throws Exception {
    try (TestingServer server = TestingServer.refusing("28P01")) {
      Exception refusal = assertThrows(SuppressRestartsException.class, () -> writer(server.url()));
      assertEquals(
          "the analytics database refuses customer_analytics: FATAL: not now",
          refusal.getCause().getMessage());
    }
  }

  @Test
  void whatTheUserHasToPutRightEndsTheJob() {
    Exception refusal =
        assertThrows(SuppressRestartsException.class, () -> writer("jdbc:mysql://127.0.0.1/x"));
    assertEquals(IOException.class, refusal.getCause().getClass());
    assertEquals(UserError.class, refusal.getCause().getCause().getClass());
  }

  @Test
  void theServersOwnWordsAreTold() throws IOException {
    BatchUpdateException batch =
        new BatchUpdateException("Batch entry 0 <unknown> was aborted", "22003", new int[0]);
    batch.setNextException(new SQLException("ERROR: numeric field overflow", "22003"));
    IOException failure = new IOException("Writing failed", new IOException(batch));

    UpsertSink sink = sink("");
    UserError error =
        (UserError)
            assertThrows(SuppressRestartsException.class, () -> sink.explained(failure)).getCause();
    assertEquals(
        "the analytics database refuses customer_analytics: ERROR: numeric field overflow",
        error.getMessage());
    assertSame(failure, error.getCause());
  }

  @Test
  void anOutageIsNamedAndForTheJobsRestarts() throws IOException {
    SQLException refused = new SQLException("Connection to 127.0.0.1:5432 refused.", "08001");
    IOException outage = sink("").explained(new IOException("Unable to update", refused));
    assertEquals(
        "the analytics database is out of reach: Connection to 127.0.0.1:5432 refused.",
        outage.getCause().getMessage());
  }

  @Test
  void othersAreForTheJobsRestarts() throws IOException {
    for (Throwable cause : new Throwable[] {new SQLException("deadlock", "40P01"), null}) {
      IOException failure = new IOException("x", cause);
      assertSame(failure, sink("").explained(failure));
    }
  }

  private OneInputStreamOperatorTestHarness<Batch, CommittableMessage<Object>> writer(String url)
      throws Exception {
    OneInputStreamOperatorTestHarness<Batch, CommittableMessage<Object>> writer =
        new OneInputStreamOperatorTestHarness<>(
            new SinkWriterOperatorFactory<>(sink(url)), BatchSerializer.INSTANCE);
    writer.open();
    return writer;
  }

  private UpsertSink sink(String url) throws IOException {
    Path password = Files.writeString(folder.resolve("password"), "secret");
    return Analytics.sink(
        View.CUSTOMERS,
        Settings.of(
            Map.of(
                "app-name",
                "shop",
                "analytics-jdbc-url",
                url,
                "analytics-postgres-user",
                "analytics",
                "analytics-postgres-password-file",
                password.toString())));
  }
}
