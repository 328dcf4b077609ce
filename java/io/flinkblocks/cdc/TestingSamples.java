package io.flinkblocks.cdc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.DeadLetter.Header;
import io.flinkblocks.event.DeadLetter.Origin;
import io.flinkblocks.event.DeadLetter.Reason;
import java.util.List;

/** Values of every shape, for the tests of the serializers. */
final class TestingSamples {
  private static final byte[] KEY = "{\"id\":7}".getBytes(UTF_8);

  /** Rows with few and many columns. */
  static Row[] rows() {
    return new Row[] {
      row("{}"),
      row("{\"id\":7}"),
      row("{\"id\":7,\"name\":\"\u00fc \\\"\\u0000\",\"x\":[null,{}]}"),
      row("{\"long\":\"" + "x".repeat(300) + "\"}")
    };
  }

  /** Changes of every operation, cause and mark, with and without what may be missing. */
  static Change[] changes() {
    Row row = rows()[1];
    Row other = rows()[2];
    return new Change[] {
      new Change(
          "users", Op.READ, Cause.SNAPSHOT, Mark.FIRST, KEY, null, row, 26837896, 771, 1L << 41),
      new Change("users", Op.READ, Cause.SNAPSHOT, Mark.LAST, KEY, null, other, 0, -1, 0),
      new Change("orders", Op.CREATE, Cause.STREAM, Mark.NONE, KEY, null, row, 1, 0, 1),
      new Change(
          "shop.caf\u00e9",
          Op.UPDATE,
          Cause.STREAM,
          Mark.NONE,
          KEY,
          row,
          other,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Long.MAX_VALUE),
      new Change(
          "",
          Op.DELETE,
          Cause.TRUNCATION,
          Mark.NONE,
          "{}".getBytes(UTF_8),
          other,
          null,
          Long.MIN_VALUE,
          Long.MIN_VALUE,
          Long.MIN_VALUE),
      new Change("users", Op.DELETE, Cause.SNAPSHOT, Mark.NONE, KEY, row, null, 5, 6, -7),
      new Change("orders", Op.TRUNCATE, Cause.STREAM, Mark.NONE, null, null, null, 8, 9, 10)
    };
  }

  /** Changes, skipped and refused records. */
  static ChangeRecord[] records() {
    DeadLetter letter = new DeadLetter(new byte[] {-1, 0}, Reason.WRONG_TYPE, "after.id", null);
    List<Header> headers = List.of(new Header("trace", new byte[] {9}));
    return new ChangeRecord[] {
      changes()[0],
      changes()[6],
      new Skipped(Skipped.TOMBSTONE),
      new Skipped(Skipped.TRANSACTION),
      new Skipped(Skipped.MESSAGE),
      new Refused(new DeadLetter(null, Reason.EMPTY_RECORD, null, null)),
      new Refused(letter),
      new Refused(letter.from(new Origin("cdc.public.users", 0, 1L << 40, KEY, headers)))
    };
  }

  private static Row row(String json) {
    return Row.of(json.getBytes(UTF_8));
  }

  private TestingSamples() {}
}
