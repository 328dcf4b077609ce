package io.flinkblocks.window;

/** One subtask of a {@link PaneOperator}, keyed by category, in Flink's operator harness. */
public final class TestingWindows extends TestingOperator {
  private TestingWindows(Opened opened) {
    super(opened);
  }

  /** An operator that shows event ids, as analysis {@code ids}; all times in ms. */
  public static Builder<TestingWindows> ids(long size, long slide, long allowedLateness) {
    return of("ids", new PaneOperator<>("ids", new TestingIds(), size, slide, allowedLateness));
  }

  /** Any operator. */
  public static <A> Builder<TestingWindows> of(String analysis, PaneOperator<A> operator) {
    return new Builder<TestingWindows>(
        analysis,
        operator,
        PanePart::key,
        event -> PanePart.of(event.category(), event),
        TestingWindows::new);
  }

  /** Sends a view with an id. */
  public void send(String key, String id, long timestamp) throws Exception {
    send(TestingEvents.event(key, id, timestamp));
  }

  /** Accumulators in the state, of all keys. */
  public long panes() {
    return entries("panes");
  }

  /** The operator itself. */
  public PaneOperator<?> operator() {
    return (PaneOperator<?>) abstractOperator();
  }
}
