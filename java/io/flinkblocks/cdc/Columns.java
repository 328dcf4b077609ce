package io.flinkblocks.cdc;

import io.flinkblocks.cdc.Row.Places;
import io.flinkblocks.output.JsonWriter;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The names of a row's columns, in the database's order. Of each list of names there is one object,
 * so {@code ==} compares them.
 *
 * <p>A table's rows have the same names again and again. So instead of names, what stands between
 * two values is compared with the layouts that were seen lately; no name is taken apart.
 */
public final class Columns {
  private static final Map<Columns, WeakReference<Columns>> ALL = new WeakHashMap<>();

  // The layouts seen lately, read and written without locks: they are immutable, and one that is
  // lost is found among all.
  private static final Columns[] RECENT = new Columns[64];
  private static int next;

  /** Of a row without columns. */
  static final Columns NONE = of(List.of());

  private final List<String> names;
  private final Map<String, Integer> numbers = new HashMap<>();
  // What stands in front of each value: {"id": and then ,"email": and so on.
  private final byte[][] leads;

  private Columns(List<String> names) {
    this.names = List.copyOf(names);
    leads = new byte[names.size()][];
    JsonWriter writer = new JsonWriter();
    for (int i = 0; i < leads.length; i++) {
      numbers.put(names.get(i), i);
      byte[] object = writer.begin().field(names.get(i), 0).end();
      leads[i] = Arrays.copyOf(object, object.length - "0}".length());
      leads[i][0] = (byte) (i == 0 ? '{' : ',');
    }
  }

  /** The one object of these names, which are all different. */
  static Columns of(List<String> names) {
    for (Columns recent : RECENT) {
      if (recent != null && recent.names.equals(names)) {
        return recent;
      }
    }
    Columns columns = new Columns(names);
    synchronized (ALL) {
      WeakReference<Columns> known = ALL.get(columns);
      Columns shared = known == null ? null : known.get();
      if (shared == null) {
        shared = columns;
        ALL.put(shared, new WeakReference<>(shared));
      }
      next = (next + 1) % RECENT.length;
      RECENT[next] = shared;
      return shared;
    }
  }

  /** How many there are. */
  public int size() {
    return leads.length;
  }

  /** The names. */
  public List<String> names() {
    return names;
  }

  /** The name of a column, from 0 on. */
  public String name(int column) {
    return names.get(column);
  }

  /** The number of the column with this name; -1 when there is none. */
  public int indexOf(String name) {
    return numbers.getOrDefault(name, -1);
  }

  /** What stands in front of a column's value in a canonical row. */
  byte[] lead(int column) {
    return leads[column];
  }

  /**
   * A layout seen lately whose first names are those of another one.
   *
   * @param first whose
   * @param column how many names; the next one is that whose lead stands at this place
   * @return null when there is none
   */
  static Columns continuing(Columns first, int column, byte[] data, int at) {
    for (Columns recent : RECENT) {
      if (recent != null
          && recent.size() > column
          && recent.leadsAt(column, data, at)
          && Arrays.equals(recent.leads, 0, column, first.leads, 0, column, Arrays::compare)) {
        return recent;
      }
    }
    return null;
  }

  /** Where the columns and values of a canonical row are. */
  static Places places(byte[] json) {
    for (Columns recent : RECENT) {
      int[] ends = recent == null ? null : recent.ends(json);
      if (ends != null) {
        return new Places(recent, ends);
      }
    }
    Columns columns = MemberScan.columns(json);
    int[] ends = columns == null ? null : columns.ends(json);
    if (ends == null) {
      throw new IllegalArgumentException(
          "no canonical row: " + new String(json, StandardCharsets.UTF_8));
    }
    return new Places(columns, ends);
  }

  /** Where the values of a canonical row end; null when it has other columns. */
  private int[] ends(byte[] json) {
    int[] ends = new int[leads.length];
    int at = 0;
    for (int column = 0; column < leads.length; column++) {
      if (!leadsAt(column, json, at)) {
        return null;
      }
      int start = at + leads[column].length;
      if (start == json.length) {
        return null;
      }
      at = JsonValues.end(json, start);
      ends[column] = at;
    }
    int close = leads.length == 0 ? 1 : at;
    return close + 1 == json.length && json[close] == '}' ? ends : null;
  }

  private boolean leadsAt(int column, byte[] data, int at) {
    byte[] lead = leads[column];
    int to = at + lead.length;
    return to <= data.length && Arrays.equals(data, at, to, lead, 0, lead.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Columns that && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
