package io.flinkblocks.bench.stock.windowing;

import org.apache.flink.api.common.functions.AggregateFunction;

/** What one level's window hands to the level above; a POJO. */
public final class CategoryMeasures {
  public String category;
  public Measures measures;

  public CategoryMeasures() {}

  static final class Aggregate implements AggregateFunction<CategoryMeasures, Measures, Measures> {
    private static final long serialVersionUID = 1;

    @Override
    public Measures createAccumulator() {
      return new Measures();
    }

    @Override
    public Measures add(CategoryMeasures child, Measures measures) {
      measures.addAll(child.measures);
      return measures;
    }

    @Override
    public Measures getResult(Measures measures) {
      return measures;
    }

    @Override
    public Measures merge(Measures left, Measures right) {
      left.addAll(right);
      return left;
    }
  }
}
