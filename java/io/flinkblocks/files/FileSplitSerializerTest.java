package io.flinkblocks.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flinkblocks.source.SplitListSerializer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileSplitSerializerTest {
  private static final FileSplit UNREAD = FileSplit.unread("/in/\u00e9.jsonl", 12, 34);
  private static final FileSplit READ =
      new FileSplit("/in/b.jsonl.gz", 1L << 40, 2, 1L << 41, 4, true, 5, -6, true);

  private final FileSplitSerializer serializer = new FileSplitSerializer();

  @Test
  void keepsEveryField() throws IOException {
    assertEquals(UNREAD, serializer.deserialize(1, serializer.serialize(UNREAD)));
    assertEquals(READ, serializer.deserialize(1, serializer.serialize(READ)));
  }

  @Test
  void keepsLists() throws IOException {
    var lists = new SplitListSerializer<>(serializer);

    assertEquals(List.of(), lists.deserialize(1, lists.serialize(List.of())));
    List<FileSplit> both = List.of(UNREAD, READ);
    assertEquals(both, lists.deserialize(1, lists.serialize(both)));
  }

  @Test
  void anUnknownVersionIsRefused() throws IOException {
    byte[] bytes = serializer.serialize(READ);

    assertThrows(IOException.class, () -> serializer.deserialize(2, bytes));
  }
}
