package io.flinkblocks.cdc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.TestingFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.junit.jupiter.api.Test;

class RowStateSerializerTest extends SerializerTestBase<RowState> {
  private static final Path FORMAT_1 =
      Path.of("java", "io", "flinkblocks", "cdc", "testdata", "row-state-format-1.txt");

  @Test
  void format1IsReadAndIsTheNewest() throws IOException {
    List<RowState> samples = List.of(getTestData());
    assertEquals(
        TestingFormats.written(RowStateSerializer.INSTANCE, samples), Files.readString(FORMAT_1));
    assertEquals(
        samples, TestingFormats.read(FORMAT_1, RowStateSerializer.INSTANCE, samples.size()));
  }

  @Override
  protected TypeSerializer<RowState> createSerializer() {
    return RowStateSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<RowState> getTypeClass() {
    return RowState.class;
  }

  @Override
  protected RowState[] getTestData() {
    Row row = TestingChanges.row(7, "b\u00fccher");
    return new RowState[] {
      RowState.NONE,
      new RowState(row, 0x16B3748, RowState.NEVER, 0),
      new RowState(row, 0, 0, 0),
      new RowState(row, Long.MAX_VALUE, 1L << 40, 0),
      RowState.gone(300, TestingChanges.START),
      RowState.gone(1, -1)
    };
  }
}
