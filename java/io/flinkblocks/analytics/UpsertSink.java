package io.flinkblocks.analytics;

import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.sql.SQLException;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.jdbc.core.datastream.sink.JdbcSink;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.ExceptionUtils;

/**
 * The connector's sink, with errors for people. It writes at least once, and has neither state nor
 * anything to commit.
 *
 * <p>An error that every try would meet ends the job instead of restarting it.
 */
final class UpsertSink implements Sink<Batch> {
  private static final long serialVersionUID = 1;

  private final String table;
  private final AnalyticsConnection connection;
  private final JdbcSink<Batch> sink;

  /**
   * @param connection the same that the sink has
   */
  UpsertSink(String table, AnalyticsConnection connection, JdbcSink<Batch> sink) {
    this.table = table;
    this.connection = connection;
    this.sink = sink;
  }

  @Override
  public SinkWriter<Batch> createWriter(WriterInitContext context) throws IOException {
    try {
      return new Writer(sink.createWriter(context));
    } catch (IOException e) {
      throw explained(e);
    }
  }

  @SuppressWarnings("try") // The connector's close() may be interrupted.
  private final class Writer implements SinkWriter<Batch> {
    private final SinkWriter<Batch> writer;
    private boolean isBroken;

    Writer(SinkWriter<Batch> writer) {
      this.writer = writer;
    }

    @Override
    public void write(Batch batch, Context context) throws IOException, InterruptedException {
      isBroken = true;
      try {
        writer.write(batch, context);
      } catch (IOException e) {
        throw explained(e);
      }
      isBroken = false;
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
      // Every batch is written when it comes.
      writer.flush(endOfInput);
    }

    @Override
    public void close() throws Exception {
      if (!isBroken) {
        writer.close();
        return;
      }
      // The connector's writer tries to write what failed once more, and an exception then, in a
      // task that has failed already, takes the whole TaskManager down.
      connection.giveUp();
      try {
        writer.close();
      } catch (RuntimeException e) {
        // What is to be said was said by the failure.
      }
    }
  }

  /**
   * The failure in words for people; one that every try would meet is thrown, as what ends the job.
   */
  IOException explained(IOException failure) {
    if (ExceptionUtils.findThrowable(failure, UserError.class).isPresent()) {
      throw new SuppressRestartsException(failure);
    }
    SQLException error = ExceptionUtils.findThrowable(failure, SQLException.class).orElse(null);
    if (error == null) {
      return failure;
    }
    if (SqlStates.isOutage(error)) {
      return new IOException(
          new UserError(
              "the analytics database is out of reach: " + reason(error),
              "start it, or correct --analytics-postgres-url",
              failure));
    }
    if (SqlStates.isPermanent(error)) {
      throw new SuppressRestartsException(
          new UserError(
              "the analytics database refuses " + table + ": " + reason(error),
              SqlStates.cure(error),
              failure));
    }
    return failure;
  }

  /** Behind a batch's error, which tells of the statement, comes the server's own. */
  private static String reason(SQLException error) {
    SQLException next = error.getNextException();
    return (next == null ? error : next).getMessage();
  }
}
