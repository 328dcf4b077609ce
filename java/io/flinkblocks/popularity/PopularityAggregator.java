package io.flinkblocks.popularity;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Aggregator;
import io.flinkblocks.window.Firing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Which products of a category were the most popular, in one window. Takes all its events. */
final class PopularityAggregator implements Aggregator<PopularityAccumulator> {
  private static final long serialVersionUID = 1;

  private final int most;

  /**
   * @param most how many products a ranking has at most
   * @throws IllegalArgumentException when that is none
   */
  PopularityAggregator(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("a ranking needs one product or more, not " + most);
    }
    this.most = most;
  }

  @Override
  public PopularityAccumulator create() {
    return new PopularityAccumulator();
  }

  @Override
  public void add(Event event, PopularityAccumulator popularity) {
    popularity.add(event);
  }

  @Override
  public void merge(PopularityAccumulator from, PopularityAccumulator into) {
    into.addAll(from);
  }

  @Override
  public void emit(Firing firing, PopularityAccumulator all, Consumer<OutputRecord> out) {
    emitPanes(firing, List.of(all), out);
  }

  /**
   * One record per rank.
   *
   * <p>A correction emits the whole ranking again, and its records replace those of before, rank by
   * rank. None of the old ones is left over: a correction only adds events, so a product that had a
   * score keeps one, and the ranks only grow in number.
   */
  @Override
  public void emitPanes(
      Firing firing, List<PopularityAccumulator> panes, Consumer<OutputRecord> out) {
    Ranking ranking = new Ranking(panes, most);
    ProductCounts counts = ranking.counts();
    byte[] key = firing.key().getBytes(StandardCharsets.UTF_8);
    JsonWriter json = new JsonWriter();
    for (int i = 0; i < ranking.size(); i++) {
      int product = ranking.product(i);
      int idStart = counts.idStart(product);
      byte[] value =
          json.begin()
              .field("type", "product_popularity")
              .field("category", key)
              .field("window_start", firing.window().start())
              .field("window_end", firing.window().end())
              .field("rank", i + 1)
              .field("product_id", counts.ids(), idStart, counts.idEnd(product) - idStart)
              .field("score", counts.score(product))
              .field("views", counts.views(product))
              .field("add_to_carts", counts.addToCarts(product))
              .field("purchases", counts.purchases(product))
              .field("unique_users", ranking.users(i))
              .end();
      out.accept(OutputRecord.of(Popularity.OUTPUT, key, value));
    }
  }

  @Override
  public long footprint(PopularityAccumulator popularity) {
    return 24 + popularity.counts().footprint() + popularity.users().footprint();
  }

  @Override
  public TypeSerializer<PopularityAccumulator> serializer() {
    return PopularitySerializer.INSTANCE;
  }
}
