package io.flinkblocks.cdc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;

class RoutedTest extends SerializerTestBase<Routed> {
  @Test
  void thereIsACopyForEachKeyGroup() {
    Change truncate = TestingChanges.truncate("users", 1);
    for (int groups : new int[] {1, 8, 128, 1000}) {
      Routed.Route route = new Routed.Route(groups);
      assertArrayEquals(
          IntStream.range(0, groups).toArray(),
          IntStream.range(0, groups)
              .map(
                  group ->
                      KeyGroupRangeAssignment.assignToKeyGroup(
                          route.getKey(new Routed(truncate, group)), groups))
              .toArray());
    }
  }

  @Test
  void changeGoesToItsRow() {
    Change change = TestingChanges.create("users", 7, TestingChanges.row(7, "a"), 1);
    assertEquals(
        new RowKey("users", TestingChanges.key(7)),
        new Routed.Route(8).getKey(Routed.toRow(change)));
  }

  @Test
  void keysAreInTheOrderOfTheirNumbers() {
    List<RowKey> keys =
        Stream.of(
                new RowKey("users", TestingChanges.key(1)),
                new RowKey("orders", TestingChanges.key(10)),
                new RowKey("orders", TestingChanges.key(9)),
                new RowKey("orders", TestingChanges.key(11)))
            .sorted()
            .toList();
    assertEquals(
        "[orders:{\"id\":9}, orders:{\"id\":10}, orders:{\"id\":11}, users:{\"id\":1}]",
        keys.toString());
  }

  @Override
  protected TypeSerializer<Routed> createSerializer() {
    return RoutedSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<Routed> getTypeClass() {
    return Routed.class;
  }

  @Override
  protected Routed[] getTestData() {
    Change read = TestingChanges.read("users", 7, TestingChanges.row(7, "a"), Mark.LAST, 1L << 40);
    return new Routed[] {
      Routed.toRow(read),
      new Routed(RowLogic.endOfSnapshot(read), 0),
      new Routed(TestingChanges.truncate("users", 1), 127)
    };
  }
}
