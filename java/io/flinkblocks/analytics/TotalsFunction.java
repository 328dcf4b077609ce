package io.flinkblocks.analytics;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Keeps each owner's totals, and emits its row whenever that changes.
 *
 * <p>State: one small value per owner, read and written once for each delta; and of customers the
 * times of their orders. An owner that has neither a row nor orders has no state.
 */
final class TotalsFunction extends KeyedProcessFunction<Long, Delta, Upsert> {
  private static final long serialVersionUID = 1;

  private final View view;

  private transient ValueState<Totals> totals;

  /** Null for products, which have no use for it. */
  private transient OrderTimes times;

  TotalsFunction(View view) {
    this.view = view;
  }

  @Override
  public void open(OpenContext context) {
    totals =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("totals", TotalsSerializer.INSTANCE));
    if (view == View.CUSTOMERS) {
      var orderTimes = new MapStateDescriptor<>("order-times", Types.LONG, Types.INT);
      times = new OrderTimes(getRuntimeContext().getMapState(orderTimes));
    }
  }

  @Override
  public void processElement(Delta delta, Context context, Collector<Upsert> out) throws Exception {
    Totals owner = totals.value();
    if (owner == null) {
      owner = new Totals();
    }
    if (!apply(delta, owner)) {
      return;
    }
    if (owner.isNothing()) {
      totals.clear();
    } else {
      totals.update(owner);
    }
    if (owner.isPresent || delta.kind() == Delta.Kind.NO_ROW) {
      out.collect(owner.upsert(delta.owner()));
    }
  }

  /** Says whether anything is other than before. */
  private boolean apply(Delta delta, Totals owner) throws Exception {
    return switch (delta.kind()) {
      case ROW -> owner.row(delta);
      case NO_ROW -> owner.noRow();
      case ORDERS -> {
        owner.orders(delta);
        if (times != null) {
          owner.latest = times.change(delta, owner.latest);
        }
        yield true;
      }
    };
  }
}
