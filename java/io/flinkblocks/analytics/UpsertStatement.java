package io.flinkblocks.analytics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.Function;
import org.apache.flink.connector.jdbc.datasource.statements.JdbcQueryStatement;

/** One MERGE for a whole batch: a parameter is a column, as an array. */
final class UpsertStatement implements JdbcQueryStatement<Batch> {
  private static final long serialVersionUID = 1;

  private final View view;
  private final String sql;

  UpsertStatement(View view) {
    this.view = view;
    this.sql =
        switch (view) {
          case CUSTOMERS -> read("/sql/cdc/upsert_customer.sql");
          case PRODUCTS -> read("/sql/cdc/upsert_product.sql");
        };
  }

  private static String read(String resource) {
    try (InputStream in = UpsertStatement.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String query() {
    return sql;
  }

  @Override
  public void statement(PreparedStatement statement, Batch batch) throws SQLException {
    Columns columns = new Columns(statement, batch);
    columns.add("int8", Upsert::id);
    columns.add("bool", Upsert::deleted);
    columns.add("text", Upsert::label);
    columns.add("int8", Upsert::count);
    columns.add("numeric", Upsert::total);
    if (view == View.CUSTOMERS) {
      columns.add("numeric", Upsert::average);
      columns.add("int8", Upsert::latestOrNull);
    } else {
      columns.add("int8", Upsert::stock);
    }
  }

  /** Sets the parameters one after the other. */
  private static final class Columns {
    private final PreparedStatement statement;
    private final Batch batch;
    private int set;

    Columns(PreparedStatement statement, Batch batch) {
      this.statement = statement;
      this.batch = batch;
    }

    /** The values go as their text, which PostgreSQL reads again; null stays null. */
    void add(String type, Function<Upsert, ?> value) throws SQLException {
      Object[] values = batch.upserts().stream().map(value).toArray();
      set++;
      statement.setArray(set, statement.getConnection().createArrayOf(type, values));
    }
  }
}
