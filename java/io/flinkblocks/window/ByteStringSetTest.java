package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class ByteStringSetTest {
  /** Every string has the hash of every other. */
  private static final class Colliding extends ByteStringSet {
    @Override
    int hash(byte[] data, int start, int length) {
      return -1;
    }
  }

  /** Few distinct strings, with repetitions; around the sizes at which something changes. */
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
        .ofMaxSize(120);
  }

  @Property(tries = 300)
  void countsAsASetOfStringsDoes(@ForAll("ids") List<String> ids) throws IOException {
    ByteStringSet set = new ByteStringSet();
    Set<String> model = addAll(ids, set);
    assertHolds(model, set);
    assertHolds(model, rewritten(set));
    assertHolds(model, set.copy());
  }

  @Property(tries = 300)
  void containsWhatWasAddedAndNothingElse(
      @ForAll("ids") List<String> left, @ForAll("ids") List<String> right) throws IOException {
    ByteStringSet set = rewritten(setOf(left)); // Without a table, that it must make first.
    for (String id : right) {
      byte[] data = utf8(" " + id + " ");
      assertEquals(left.contains(id), set.contains(data, 1, data.length - 2), id);
    }
    assertHolds(new HashSet<>(left), set);
  }

  @Property(tries = 300)
  void stringsOfEqualHashStayApart(@ForAll("ids") List<String> ids) {
    ByteStringSet set = new Colliding();
    Set<String> model = addAll(ids, set);
    model.forEach(id -> assertFalse(set.add(utf8(id)), id));
    assertEquals(model.size(), set.size());
  }

  @Property(tries = 300)
  void addingASetIsTheUnion(@ForAll("ids") List<String> left, @ForAll("ids") List<String> right)
      throws IOException {
    ByteStringSet a = setOf(left);
    ByteStringSet b = setOf(right);
    a.addAll(b);

    Set<String> union = new HashSet<>(left);
    union.addAll(right);
    assertHolds(union, a);
    assertHolds(new HashSet<>(right), b);
    a.addAll(a);
    assertEquals(union.size(), a.size());
  }

  /** Adds to the set and to one of strings, which must agree every time. */
  private static Set<String> addAll(List<String> ids, ByteStringSet set) {
    Set<String> model = new HashSet<>();
    for (String id : ids) {
      // As a slice of something larger, which changes afterwards.
      byte[] data = ("<" + id + ">").getBytes(StandardCharsets.UTF_8);
      assertEquals(model.add(id), set.add(data, 1, data.length - 2));
      Arrays.fill(data, (byte) '?');
    }
    return model;
  }

  @Test
  void copiesAreIndependent() {
    ByteStringSet set = setOf(List.of("a", "b"));
    ByteStringSet copy = set.copy();
    for (int i = 0; i < 100; i++) {
      copy.add(utf8("copy " + i));
    }
    assertEquals(102, copy.size());
    assertHolds(Set.of("a", "b"), set);
    set.add(utf8("c"));
    assertTrue(copy.add(utf8("c")));
  }

  @Test
  void lengthsAroundEveryBoundaryAreExact() {
    ByteStringSet set = new ByteStringSet();
    int[] lengths = {0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 126, 127, 128, 129, 255, 256, 70_000};
    for (int length : lengths) {
      for (char last : new char[] {'x', 'y'}) {
        byte[] id = utf8("x".repeat(Math.max(0, length - 1)) + (length > 0 ? last : ""));
        assertEquals(length > 0 || last == 'x', set.add(id));
        assertFalse(set.add(id));
      }
    }
    assertEquals(2 * lengths.length - 1, set.size());
  }

  @Test
  void allBytesAreData() {
    ByteStringSet set = new ByteStringSet();
    for (int i = 0; i < 256; i++) {
      for (int j = 0; j < 256; j++) {
        assertTrue(set.add(new byte[] {(byte) i, (byte) j}));
      }
    }
    assertTrue(set.add(new byte[] {0}));
    assertTrue(set.add(new byte[] {0, 0, 0}));
    assertEquals(65_538, set.size());
  }

  @Test
  void manyIdsTakeFewBytes() throws IOException {
    Random random = new Random(1);
    ByteStringSet set = new ByteStringSet();
    Set<Long> model = new HashSet<>();
    for (int i = 0; i < 300_000; i++) {
      long id = random.nextInt(200_000);
      assertEquals(model.add(id), set.add(utf8("user-" + id)));
    }
    assertEquals(model.size(), set.size());
    DataOutputSerializer out = new DataOutputSerializer(1024);
    set.write(out);
    assertTrue(out.length() < 12 * model.size() + 10);
  }

  private static void assertHolds(Set<String> model, ByteStringSet set) {
    assertEquals(model.size(), set.size());
    ByteStringSet probe = set.copy();
    model.forEach(id -> assertFalse(probe.add(utf8(id)), id));
    assertTrue(probe.add(utf8("none of the ids is this")));
    assertEquals(model.size(), set.size());
  }

  private static ByteStringSet rewritten(ByteStringSet set) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    set.write(out);
    out.write(new byte[] {1, 2, 3}); // What comes behind is left alone.
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    ByteStringSet read = ByteStringSet.read(in);
    assertEquals(3, in.available());
    return read;
  }

  private static ByteStringSet setOf(List<String> ids) {
    ByteStringSet set = new ByteStringSet();
    ids.forEach(id -> set.add(utf8(id)));
    return set;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
