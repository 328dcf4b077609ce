package io.flinkblocks.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class GeneratorSplitSerializerTest {
  private final GeneratorSplitSerializer serializer = new GeneratorSplitSerializer();

  @Test
  void everyFieldIsKept() throws IOException {
    GeneratorSplit split = new GeneratorSplit(7, 160_007, 3, 4, Long.MIN_VALUE);
    assertEquals(split, serializer.deserialize(1, serializer.serialize(split)));
  }

  @Test
  void unknownVersionIsRefused() {
    assertThrows(IOException.class, () -> serializer.deserialize(2, new byte[36]));
  }
}
