package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class ByteStringIndexTest {
  /** Every string has the hash of every other. */
  private static final class Colliding extends ByteStringIndex {
    @Override
    int hash(byte[] data, int start, int length) {
      return -1;
    }
  }

  /** Few distinct strings, with repetitions, the empty one too; and enough for several tables. */
  @Provide
  Arbitrary<List<String>> ids() {
    Arbitrary<String> few =
        Arbitraries.of("a", "b", "\u00e4", "\ud83d\ude00")
            .list()
            .ofMaxSize(4)
            .map(letters -> String.join("", letters));
    Arbitrary<String> any = Arbitraries.strings().withCharRange('a', 'z').ofMaxLength(20);
    Arbitrary<String> lengthy =
        Arbitraries.integers().between(120, 300).map(length -> "x".repeat(length));
    return Arbitraries.frequencyOf(Tuple.of(5, few), Tuple.of(5, any), Tuple.of(1, lengthy))
        .list()
        .ofMaxSize(150);
  }

  @Property(tries = 300)
  void numbersStringsAsTheyCome(@ForAll("ids") List<String> ids) throws IOException {
    ByteStringIndex index = new ByteStringIndex();
    List<String> model = numberAll(ids, index);
    assertHolds(model, index);
    assertHolds(model, rewritten(index));
    assertHolds(model, index.copy());
  }

  @Property(tries = 300)
  void stringsOfEqualHashStayApart(@ForAll("ids") List<String> ids) {
    ByteStringIndex index = new Colliding();
    assertHolds(numberAll(ids, index), index);
  }

  @Property(tries = 300)
  void anotherIndexStringsHaveNumbersHere(
      @ForAll("ids") List<String> left, @ForAll("ids") List<String> right) throws IOException {
    ByteStringIndex into = new ByteStringIndex();
    List<String> model = numberAll(left, into);
    ByteStringIndex from = new ByteStringIndex();
    List<String> others = numberAll(right, from);
    from = rewritten(from);
    for (int i = 0; i < others.size(); i++) {
      if (!model.contains(others.get(i))) {
        model.add(others.get(i));
      }
      assertEquals(model.indexOf(others.get(i)), into.number(from, i));
    }
    assertHolds(model, into);
    assertHolds(others, from);
  }

  @Test
  void copiesAreIndependent() {
    ByteStringIndex index = new ByteStringIndex();
    numberAll(List.of("a", "b"), index);
    ByteStringIndex copy = index.copy();
    for (int i = 0; i < 100; i++) {
      assertEquals(2 + i, number(copy, "copy " + i));
    }
    assertHolds(List.of("a", "b"), index);
    assertEquals(2, number(index, "c"));
    assertEquals(102, number(copy, "c"));
  }

  @Test
  void manyIdsTakeFewBytes() throws IOException {
    ByteStringIndex index = new ByteStringIndex();
    for (int i = 0; i < 100_000; i++) {
      assertEquals(i, number(index, "product-" + i));
    }
    assertEquals(77_777, number(index, "product-77777"));
    DataOutputSerializer out = new DataOutputSerializer(1024);
    index.write(out);
    assertTrue(out.length() < 15 * 100_000);
    assertTrue(index.footprint() > 100_000 * 13 && index.footprint() < 100_000 * 60);
  }

  /** Numbers the strings in the index and in a list, which must agree every time. */
  private static List<String> numberAll(List<String> ids, ByteStringIndex index) {
    List<String> model = new ArrayList<>();
    for (String id : ids) {
      if (!model.contains(id)) {
        model.add(id);
      }
      // As a slice of something larger, which changes afterwards.
      byte[] data = ("<" + id + ">").getBytes(StandardCharsets.UTF_8);
      assertEquals(model.indexOf(id), index.number(data, 1, data.length - 2));
      Arrays.fill(data, (byte) '?');
    }
    return model;
  }

  private static void assertHolds(List<String> model, ByteStringIndex index) {
    assertEquals(model.size(), index.size());
    for (int i = 0; i < model.size(); i++) {
      int start = index.start(i);
      assertEquals(
          model.get(i),
          new String(index.bytes(), start, index.end(i) - start, StandardCharsets.UTF_8));
      assertEquals(i, number(index, model.get(i)));
    }
    assertEquals(model.size(), index.size());
  }

  private static int number(ByteStringIndex index, String id) {
    byte[] data = id.getBytes(StandardCharsets.UTF_8);
    return index.number(data, 0, data.length);
  }

  private static ByteStringIndex rewritten(ByteStringIndex index) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    index.write(out);
    out.write(new byte[] {1, 2, 3}); // What comes behind is left alone.
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    ByteStringIndex read = ByteStringIndex.read(in);
    assertEquals(3, in.available());
    return read;
  }
}
