package io.flinkblocks.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.cdc.Cause;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Mark;
import io.flinkblocks.cdc.Op;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class PartitionsTest {
  private static final long LATE_ON_THE_22ND = 1795391999999L;

  private static Change change(String table, long time) {
    byte[] key = "{\"id\":1}".getBytes(StandardCharsets.UTF_8);
    return new Change(table, Op.DELETE, Cause.STREAM, Mark.NONE, key, null, null, 1, 1, time);
  }

  @Test
  void aFolderForEachTableAndDayInUtc() {
    Partitions partitions = new Partitions();
    assertEquals(
        "table=orders/date=2026-11-22",
        partitions.getBucketId(change("orders", LATE_ON_THE_22ND), null));
    assertEquals(
        "table=orders/date=2026-11-23",
        partitions.getBucketId(change("orders", LATE_ON_THE_22ND + 1), null));
    assertEquals(
        "table=users/date=2026-11-23",
        partitions.getBucketId(change("users", LATE_ON_THE_22ND + 1), null));
  }

  @Test
  void aNameCannotLeaveTheLake() {
    assertEquals("%2E%2E%2Fetc", Partitions.escaped("../etc"));
    assertEquals("audit.log", Partitions.escaped("audit.log"));
    assertEquals(
        "x%27%3B%20DROP%20TABLE%20users%3B--", Partitions.escaped("x'; DROP TABLE users;--"));
  }

  @Test
  void longNamesStayApart() {
    String one = Partitions.escaped("ж".repeat(63) + ".a");
    String other = Partitions.escaped("ж".repeat(63) + ".b");
    assertTrue(one.length() < 220, one);
    assertNotEquals(one, other);
  }

  @Property
  void everyNameHasASafeFolderOfItsOwn(@ForAll @StringLength(max = 15) String name) {
    String text = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    String escaped = Partitions.escaped(text);
    assertTrue(escaped.matches("[A-Za-z0-9_.%-]*"), escaped);
    assertTrue(!escaped.startsWith("."), escaped);
    assertEquals(text, URLDecoder.decode(escaped, StandardCharsets.UTF_8));
  }
}
