package io.flinkblocks.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.window.ByteStringSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CountedUsersTest {
  /** A row of sets that slides, with new numbers in between or not. */
  @Property(tries = 300)
  void countsTheUnion(@ForAll("rows") List<Set<Integer>> sets, @ForAll boolean tidies) {
    CountedUsers users = new CountedUsers();
    ArrayDeque<int[]> held = new ArrayDeque<>();
    for (int i = 0; i < sets.size(); i++) {
      held.addLast(users.add(set(sets.get(i))));
      if (held.size() > 3) {
        users.remove(held.removeFirst());
      }
      if (tidies) {
        users.tidy(held.stream());
      }
      Set<Integer> union = new HashSet<>();
      sets.subList(Math.max(0, i - 2), i + 1).forEach(union::addAll);
      assertEquals(union.size(), users.size());
    }
    held.forEach(users::remove);
    assertEquals(0, users.size());
  }

  @Provide
  Arbitrary<List<Set<Integer>>> rows() {
    return Arbitraries.integers().between(0, 40).set().ofMaxSize(30).list().ofMaxSize(20);
  }

  @Test
  void usersWhomNobodyHasAreForgottenInTime() {
    CountedUsers users = new CountedUsers();
    long most = 0;
    for (int i = 0; i < 1_000; i++) {
      int[] added = users.add(set(Set.of(2 * i, 2 * i + 1)));
      users.remove(added);
      if (users.areMostlyGone()) {
        users.tidy(List.<int[]>of().stream());
        assertFalse(users.areMostlyGone());
      }
      most = Math.max(most, users.footprint());
    }
    assertTrue(most < 10_000, most + " bytes");
  }

  private static ByteStringSet set(Set<Integer> numbers) {
    ByteStringSet set = new ByteStringSet();
    numbers.forEach(number -> set.add(("user" + number).getBytes(StandardCharsets.UTF_8)));
    return set;
  }
}
