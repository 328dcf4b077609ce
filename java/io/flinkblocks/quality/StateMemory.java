package io.flinkblocks.quality;

import io.flinkblocks.event.CompactType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;

/** A memory of the subject at hand in keyed state. */
final class StateMemory implements Memory {
  private final ValueState<Head> head;
  private final MapState<String, Entry> rows;
  private final Looks looks;

  /** Takes down a row and the time at which it is to be looked at. */
  interface Looks {
    void add(String row, long time) throws Exception;
  }

  StateMemory(RuntimeContext runtime, Looks looks) {
    this.head =
        runtime.getState(
            new ValueStateDescriptor<>(
                "head", new CompactType<>(Head.class, HeadSerializer.INSTANCE)));
    this.rows =
        runtime.getMapState(
            new MapStateDescriptor<>(
                "rows", Types.STRING, new CompactType<>(Entry.class, EntrySerializer.INSTANCE)));
    this.looks = looks;
  }

  @Override
  public Head head() throws Exception {
    return head.value();
  }

  @Override
  public void setHead(Head newHead) throws Exception {
    head.update(newHead); // Null clears it.
  }

  @Override
  public Entry row(String row) throws Exception {
    return rows.get(row);
  }

  @Override
  public List<String> rows() throws Exception {
    List<String> sorted = new ArrayList<>();
    rows.keys().forEach(sorted::add);
    Collections.sort(sorted);
    return sorted;
  }

  @Override
  public void put(String row, Entry entry) throws Exception {
    rows.put(row, entry);
  }

  @Override
  public void remove(String row) throws Exception {
    rows.remove(row);
  }

  @Override
  public void lookAt(String row, long time) throws Exception {
    looks.add(row, time);
  }
}
