package io.flinkblocks.cdc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.TestingFormats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.junit.jupiter.api.Test;

class RowKeySerializerTest extends SerializerTestBase<RowKey> {
  private static final Path FORMAT_1 =
      Path.of("java", "io", "flinkblocks", "cdc", "testdata", "row-key-format-1.txt");

  @Test
  void format1IsReadAndIsTheNewest() throws IOException {
    List<RowKey> samples = List.of(getTestData());
    assertEquals(
        TestingFormats.written(RowKeySerializer.INSTANCE, samples), Files.readString(FORMAT_1));
    assertEquals(samples, TestingFormats.read(FORMAT_1, RowKeySerializer.INSTANCE, samples.size()));
  }

  @Override
  protected TypeSerializer<RowKey> createSerializer() {
    return RowKeySerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<RowKey> getTypeClass() {
    return RowKey.class;
  }

  @Override
  protected RowKey[] getTestData() {
    return new RowKey[] {
      new RowKey("users", TestingChanges.key(7)),
      new RowKey(
          "sales.b\u00fccher", "{\"a\":\"\u00e9\",\"b\":[1]}".getBytes(StandardCharsets.UTF_8)),
      new RowKey("", new byte[300])
    };
  }
}
