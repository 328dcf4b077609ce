package io.flinkblocks.cdc;

import io.flinkblocks.event.JsonScanner;
import io.flinkblocks.event.NotJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the values of an object's members lie in a text. It is kept until the text has told which
 * table they are of, and used again for the next text. For one thread.
 */
final class MemberScan {
  private static final byte[] CLOSE = {'}'};

  private Columns columns = Columns.NONE;
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  private int start;
  private int end;
  private boolean canonical;

  /** The names. */
  Columns columns() {
    return columns;
  }

  /** Where the object starts. */
  int start() {
    return start;
  }

  /** The position behind the object. */
  int end() {
    return end;
  }

  /** Whether there is nothing but the values and what stands in front of them in canonical rows. */
  boolean isCanonical() {
    return canonical;
  }

  /** Where a member's value starts. */
  int start(int column) {
    return starts[column];
  }

  /** The position behind a member's value. */
  int end(int column) {
    return ends[column];
  }

  /**
   * Takes the object that starts where the scanner stands.
   *
   * @param depth of the object
   */
  void read(JsonScanner scanner, byte[] data, int depth) throws NotJson {
    scanner.enter(depth);
    start = scanner.position();
    canonical = true;
    readMembers(scanner, data, depth);
    end = scanner.position();
  }

  private void readMembers(JsonScanner scanner, byte[] data, int depth) throws NotJson {
    Columns layout = columns;
    int count = 0;
    while (count == 0 || count < layout.size() || !scanner.skip(CLOSE)) {
      if (count >= layout.size() || !scanner.skip(layout.lead(count))) {
        Columns other = Columns.continuing(layout, count, data, scanner.position());
        if (other == null) {
          readNames(scanner, data, depth, layout.names().subList(0, count));
          return;
        }
        layout = other;
      } else {
        value(scanner, depth, count);
        count++;
      }
    }
    columns = layout;
  }

  /** Takes the members behind those that are known, name by name. */
  private void readNames(JsonScanner scanner, byte[] data, int depth, List<String> known)
      throws NotJson {
    canonical = false;
    List<String> names = new ArrayList<>(known);
    boolean more = names.isEmpty() ? scanner.openObject() : scanner.nextName();
    while (more) {
      int count = names.size();
      names.add(name(scanner, data));
      value(scanner, depth, count);
      more = scanner.nextName();
    }
    columns = Columns.of(withoutDoubles(names));
  }

  private void value(JsonScanner scanner, int depth, int count) throws NotJson {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    int behindName = scanner.position();
    scanner.token();
    starts[count] = scanner.position();
    canonical &= starts[count] == behindName;
    scanner.skipValue(depth);
    ends[count] = scanner.position();
  }

  /** The scanner's last string. */
  private static String name(JsonScanner scanner, byte[] data) {
    return JsonValues.text(data, scanner.start() - 1, scanner.end() + 1);
  }

  /** Of a name that comes twice the last value counts, in the place of the first. */
  private List<String> withoutDoubles(List<String> names) {
    Map<String, Integer> places = new HashMap<>();
    List<String> once = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int place = places.computeIfAbsent(names.get(i), name -> once.size());
      if (place == once.size()) {
        once.add(names.get(i));
      }
      starts[place] = starts[i];
      ends[place] = ends[i];
    }
    return once;
  }

  /**
   * Takes a whole text.
   *
   * @return whether it is one object
   */
  boolean readAll(JsonScanner scanner, byte[] data) throws NotJson {
    scanner.reset(data);
    boolean object = scanner.token() == '{';
    if (object) {
      read(scanner, data, 1);
    } else {
      scanner.skipValue(0);
    }
    scanner.finish();
    return object;
  }

  /** The columns of a text that is one object; null when it is anything else. */
  static Columns columns(byte[] json) {
    MemberScan members = new MemberScan();
    try {
      return members.readAll(new JsonScanner(), json) ? members.columns : null;
    } catch (NotJson e) {
      return null;
    }
  }
}
