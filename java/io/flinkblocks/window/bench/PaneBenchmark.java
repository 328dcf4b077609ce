package io.flinkblocks.window.bench;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventParser;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.popularity.Popularity;
import io.flinkblocks.revenue.Revenue;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/**
 * How long an event takes in the windows of revenue-metrics and analytics-results, on both state
 * backends: from the keyed event to the results, without parsing, network, sink and checkpoints.
 *
 * <p>One thread; 200,000 events over 10 minutes of event time in 10 categories, 200 products each
 * and 10,000 users; a watermark every 100 ms. Each round runs all of them through a new operator,
 * the arms in turn. Prints the median and the fastest round, nanoseconds of this thread's CPU time
 * per event: RocksDB's own threads are not in it. Arguments name the arms that run, all without.
 */
public final class PaneBenchmark {
  private static final int EVENTS = 200_000;
  private static final int ROUNDS = 9;
  private static final int WARM_UP_ROUNDS = 3;
  private static final int MS_PER_EVENT = 3;
  private static final long START = 1_750_000_020_000L;
  private static final long DISORDER = 5_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final Settings SETTINGS =
      Settings.of(
          Map.of(
              "allowed-lateness", "0",
              "popularity-window", "300000",
              "popularity-slide", "60000",
              "popularity-top", "10"));

  /** An analysis on a backend, and its measurements. */
  private static final class Arm {
    final String name;
    final BiFunction<DataStream<Event>, Settings, DataStream<OutputRecord>> analysis;
    final StateBackend backend;
    final List<Event> events;
    final List<Long> rounds = new ArrayList<>();
    long results;

    Arm(
        String name,
        BiFunction<DataStream<Event>, Settings, DataStream<OutputRecord>> analysis,
        StateBackend backend,
        List<Event> events) {
      this.name = name;
      this.analysis = analysis;
      this.backend = backend;
      this.events = events;
    }
  }

  public static void main(String[] args) throws Exception {
    List<Event> events = events(new Random(1));
    List<Event> purchases = events.stream().filter(e -> e.action() == Action.PURCHASE).toList();
    StateBackend heap = new HashMapStateBackend();
    StateBackend rocks = new EmbeddedRocksDBStateBackend();
    List<Arm> arms = new ArrayList<>();
    arms.add(new Arm("revenue-heap", Revenue::apply, heap, purchases));
    arms.add(new Arm("revenue-rocksdb", Revenue::apply, rocks, purchases));
    arms.add(new Arm("popularity-heap", Popularity::apply, heap, events));
    arms.add(new Arm("popularity-rocksdb", Popularity::apply, rocks, events));
    if (args.length > 0) {
      arms.removeIf(arm -> !List.of(args).contains(arm.name));
    }
    for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
      for (Arm arm : arms) {
        long nanos = run(arm);
        if (round >= WARM_UP_ROUNDS) {
          arm.rounds.add(nanos / arm.events.size());
        }
      }
    }
    System.out.printf("%-20s  ns CPU per event, median (best)%n", "");
    for (Arm arm : arms) {
      long[] sorted = arm.rounds.stream().mapToLong(Long::longValue).sorted().toArray();
      System.out.printf(
          "%-20s  %,7d (%,7d)   %,d events, %,d results%n",
          arm.name, sorted[sorted.length / 2], sorted[0], arm.events.size(), arm.results);
    }
  }

  /** Runs all events of an arm; the CPU time in nanoseconds. */
  @SuppressWarnings("try") // Flink's harness declares a close() that may be interrupted.
  private static long run(Arm arm) throws Exception {
    try (var harness = open(arm)) {
      arm.results = 0;
      StreamRecord<Event> record = new StreamRecord<>(null);
      long watermark = Long.MIN_VALUE;
      long before = THREADS.getCurrentThreadCpuTime();
      for (Event event : arm.events) {
        harness.processElement(record.replace(event, event.timestamp()));
        long next = event.timestamp() - DISORDER - 1;
        if (next / 100 > watermark / 100) {
          watermark = next;
          advance(harness, arm, watermark);
        }
      }
      advance(harness, arm, Long.MAX_VALUE);
      return THREADS.getCurrentThreadCpuTime() - before;
    }
  }

  private static void advance(
      KeyedOneInputStreamOperatorTestHarness<String, Event, OutputRecord> harness,
      Arm arm,
      long watermark)
      throws Exception {
    harness.processWatermark(watermark);
    arm.results += harness.getOutput().size() - 1;
    harness.getOutput().clear();
  }

  /** The window operator, exactly as the analysis puts it into a job. */
  private static KeyedOneInputStreamOperatorTestHarness<String, Event, OutputRecord> open(Arm arm)
      throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    DataStream<Event> source = env.fromData(arm.events.subList(0, 1), Event.TYPE);
    var step =
        (OneInputTransformation<?, ?>) arm.analysis.apply(source, SETTINGS).getTransformation();
    @SuppressWarnings("unchecked") // The analysis takes events and makes output records.
    var typed = (OneInputTransformation<Event, OutputRecord>) step;
    var harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            typed.getOperatorFactory(), Event::category, Types.STRING, 128, 1, 0);
    harness.getExecutionConfig().enableObjectReuse();
    harness.setStateBackend(arm.backend);
    harness.setup(OutputRecord.TYPE.createSerializer(null));
    harness.open();
    return harness;
  }

  private static List<Event> events(Random random) {
    EventParser parser = new EventParser();
    Event[] events = new Event[EVENTS];
    for (int i = 0; i < EVENTS; i++) {
      long time = START + (long) i * MS_PER_EVENT - random.nextInt((int) DISORDER);
      events[i] = (Event) parser.parse(record(i, random, time), Long.MAX_VALUE);
    }
    return Arrays.asList(events);
  }

  private static byte[] record(int number, Random random, long time) {
    String[] actions = {"view", "view", "view", "add_to_cart", "purchase", "wishlist"};
    // A few products get most of the visits: rank r a share of about 1 / r.
    int product = (int) Math.pow(200, random.nextDouble());
    return String.format(
            "{\"event_id\":\"evt_%012d\",\"user_id\":\"user_%05d\",\"session_id\":\"sess_%08x\","
                + "\"product_id\":\"prod_%04d\",\"category\":\"category_%d\",\"action\":\"%s\","
                + "\"price\":%d.%02d,\"quantity\":%d,\"timestamp\":%d}",
            number,
            random.nextInt(10_000),
            random.nextInt(),
            product,
            random.nextInt(10),
            actions[random.nextInt(actions.length)],
            random.nextInt(500),
            random.nextInt(100),
            1 + random.nextInt(3),
            time)
        .getBytes(StandardCharsets.UTF_8);
  }

  private PaneBenchmark() {}
}
