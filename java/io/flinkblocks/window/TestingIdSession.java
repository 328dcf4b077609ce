package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A session that has the ids of its events: the first two itself, the others in the overflow. */
public final class TestingIdSession extends Session {
  /** The end of the value of an early result. */
  public static final String EARLY = ", early";

  private static final int WITHIN = 2;

  private final List<String> ids = new ArrayList<>();

  /** Shows which events a session has: {@code key [start, last] id id id}, ids sorted. */
  public static final class Ids implements SessionAggregator<TestingIdSession> {
    private static final long serialVersionUID = 1;

    private final boolean tellsFirings;

    /**
     * @param tellsFirings whether to show the revision, or that it is early, too
     */
    public Ids(boolean tellsFirings) {
      this.tellsFirings = tellsFirings;
    }

    @Override
    public TestingIdSession create() {
      return new TestingIdSession();
    }

    @Override
    public void add(Event event, TestingIdSession session, Overflow overflow) {
      add(event.eventId(), session, overflow);
    }

    private static void add(String id, TestingIdSession session, Overflow overflow) {
      if (session.ids.size() < WITHIN) {
        session.ids.add(id);
      } else if (overflow.add(session, id, 1) != 0) {
        throw new IllegalStateException(id + " is there already");
      }
    }

    @Override
    public void merge(TestingIdSession from, TestingIdSession into, Overflow overflow) {
      if (into.events() < from.events()) {
        throw new IllegalArgumentException("the larger must not become part of the smaller");
      }
      all(from, overflow).forEach(id -> add(id, into, overflow));
    }

    @Override
    public void emit(
        SessionFiring firing,
        TestingIdSession session,
        Overflow overflow,
        Consumer<OutputRecord> out) {
      List<String> ids = all(session, overflow);
      if (ids.size() != session.events()) {
        throw new IllegalStateException(session.events() + " events, but ids " + ids);
      }
      String key = firing.key();
      String value = show(key, session.start(), session.last(), ids);
      out.accept(record(key, tellsFirings ? value + show(firing) : value));
    }

    private static List<String> all(TestingIdSession session, Overflow overflow) {
      return Stream.concat(session.ids.stream(), overflow.counts(session).keySet().stream())
          .toList();
    }

    @Override
    public void retract(String key, long start, Consumer<OutputRecord> out) {
      out.accept(record(key, showRetraction(key, start)));
    }

    private static OutputRecord record(String key, String value) {
      return OutputRecord.of(
          "ids", key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public TypeSerializer<TestingIdSession> serializer() {
      return Serializer.INSTANCE;
    }
  }

  /** The value of a result. */
  public static String show(String key, long start, long last, List<String> ids) {
    return "%s [%d, %d] %s"
        .formatted(key, start, last, String.join(" ", ids.stream().sorted().toList()));
  }

  private static String show(SessionFiring firing) {
    return firing.early() ? EARLY : showRevision(firing.revision());
  }

  /** The end of the value of a result that is not early. */
  public static String showRevision(int revision) {
    return ", revision " + revision;
  }

  /** The value of a retraction. */
  public static String showRetraction(String key, long start) {
    return "%s no %d".formatted(key, start);
  }

  /** Plain. */
  public static final class Serializer extends MutableSerializer<TestingIdSession> {
    private static final long serialVersionUID = 1;
    static final Serializer INSTANCE = new Serializer();

    @Override
    public TestingIdSession createInstance() {
      return new TestingIdSession();
    }

    @Override
    public TestingIdSession copy(TestingIdSession from) {
      TestingIdSession copy = new TestingIdSession();
      copy.copyFrom(from);
      copy.ids.addAll(from.ids);
      return copy;
    }

    @Override
    public void serialize(TestingIdSession session, DataOutputView out) throws IOException {
      session.writeTo(out);
      session.writeRevision(out);
      out.writeUTF(String.join(" ", session.ids));
    }

    @Override
    public TestingIdSession deserialize(DataInputView in) throws IOException {
      TestingIdSession session = new TestingIdSession();
      session.readFrom(in);
      session.readRevision(in);
      session.ids.addAll(List.of(in.readUTF().split(" ")));
      return session;
    }

    @Override
    public TypeSerializerSnapshot<TestingIdSession> snapshotConfiguration() {
      return new Snapshot();
    }
  }

  /** Names the serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<TestingIdSession> {
    public Snapshot() {
      super(() -> Serializer.INSTANCE);
    }
  }
}
