package io.flinkblocks.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.TestingFormats;
import io.flinkblocks.event.TestingSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.junit.jupiter.api.Test;

class OutputRecordSerializerTest extends SerializerTestBase<OutputRecord> {
  private static final Path FORMAT_1 =
      Path.of("java", "io", "flinkblocks", "output", "testdata", "output-record-format-1.txt");

  @Test
  void format1IsReadAndIsTheNewest() throws IOException {
    List<OutputRecord> samples = List.of(getTestData());
    assertEquals(
        TestingFormats.written(OutputRecordSerializer.INSTANCE, samples),
        Files.readString(FORMAT_1));
    assertEquals(
        samples, TestingFormats.read(FORMAT_1, OutputRecordSerializer.INSTANCE, samples.size()));
  }

  @Override
  protected TypeSerializer<OutputRecord> createSerializer() {
    return OutputRecordSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<OutputRecord> getTypeClass() {
    return OutputRecord.class;
  }

  @Override
  protected OutputRecord[] getTestData() {
    return new OutputRecord[] {
      OutputRecord.of("revenue-metrics", new byte[] {1}, new byte[] {123, 125}),
      OutputRecord.of("late-events", null, new byte[300]),
      new OutputRecord("dead-letter", new byte[0], null, TestingSamples.headers()),
      new OutputRecord("dead-letter", null, new byte[] {-1}, List.of())
    };
  }
}
