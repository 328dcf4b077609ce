package io.flinkblocks.measures;

import io.flinkblocks.event.Event;
import io.flinkblocks.window.Aggregator;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Measures a category's events; what is told of them is left to say. Takes all events. */
abstract class MeasuresAggregator implements Aggregator<Measures> {
  private static final long serialVersionUID = 1;

  @Override
  public final Measures create() {
    return new Measures();
  }

  @Override
  public final void add(Event event, Measures measures) {
    measures.add(event);
  }

  @Override
  public final void merge(Measures from, Measures into) {
    into.addAll(from);
  }

  @Override
  public final boolean countsRevisions() {
    return true;
  }

  @Override
  public final long footprint(Measures measures) {
    return measures.footprint();
  }

  @Override
  public final TypeSerializer<Measures> serializer() {
    return MeasuresSerializer.INSTANCE;
  }
}
