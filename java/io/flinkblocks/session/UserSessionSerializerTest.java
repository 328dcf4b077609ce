package io.flinkblocks.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.TestingStoredForm;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.junit.jupiter.api.Test;

/**
 * The stored form of a user's session. A fixture of each version stays in testdata: what savepoints
 * hold of the serializer, then {@link #sample}.
 */
class UserSessionSerializerTest {
  private static final TestingStoredForm<UserSession> FORM_1 =
      new TestingStoredForm<>(
          UserSessionSerializer.INSTANCE,
          "java/io/flinkblocks/session/testdata/user_session_v1.hex");
  private static final TestingStoredForm<UserSession> FORM =
      new TestingStoredForm<>(
          UserSessionSerializer.INSTANCE,
          "java/io/flinkblocks/session/testdata/user_session_v2.hex");
  private static final int REVISION = 100;

  private final UserSessionAggregator aggregator =
      new UserSessionAggregator(Sessions.OUTPUT, false);
  private final TestingOverflow overflow = new TestingOverflow();

  @Test
  void versionOneIsStillReadAndHasNoRevisions() throws IOException {
    assertTrue(FORM_1.compatibility().isCompatibleAfterMigration());
    assertSame(sample(0), FORM_1.restored());
  }

  @Test
  void versionTwoIsRead() throws IOException {
    assertTrue(FORM.compatibility().isCompatibleAsIs());
    assertSame(sample(REVISION), FORM.restored());
  }

  @Test
  void theFormHasNotChangedWithoutANewVersion() throws IOException {
    assertEquals(FORM.fixture(), FORM.present(sample(REVISION)));
  }

  @Test
  void copiesAreEqualAndIndependent() throws IOException {
    UserSession original = sample(REVISION);
    UserSession copy = UserSessionSerializer.INSTANCE.copy(original);
    assertSame(original, copy);
    for (String action : List.of("view", "purchase", "share", "quite another")) {
      aggregator.add(event("p", action), original, overflow);
    }
    assertSame(sample(REVISION), copy);
    assertArrayEquals(FORM.written(copy), FORM.copied(copy));
  }

  @Test
  void anEmptySessionIsWrittenAndRead() throws IOException {
    UserSession read = FORM.readBack(aggregator.create());
    assertSame(aggregator.create(), read);
  }

  /**
   * Of a number of revisions. Every action; revenue beyond 64 bits; marked as if there were more in
   * the overflow.
   */
  private UserSession sample(int revision) throws IOException {
    // What the operator sets is read as if it had: first event, length, events, published,
    // overflow.
    byte[] header = HexFormat.of().parseHex("e807" + "f403" + "0c" + "01" + "e807");
    UserSession sample = aggregator.create();
    sample.readFrom(new DataInputDeserializer(header));
    sample.readRevision(new DataInputDeserializer(new byte[] {(byte) revision}));
    List<String> actions = new ArrayList<>(List.of("wishlist", "share", "caf\u00e9", "Purchase"));
    actions.addAll(List.of("view", "view", "add_to_cart", "share", "remove_from_cart", "purchase"));
    for (String action : actions) {
      aggregator.add(event("product-" + action, action), sample, overflow);
    }
    aggregator.add(event("\u00fc".repeat(100), "view"), sample, overflow);
    for (int i = 0; i < 3; i++) {
      sample.revenue.add(Long.MAX_VALUE);
    }
    sample.moreProducts = 300;
    sample.hasMoreActions = true;
    return sample;
  }

  private static Event event(String product, String action) {
    return TestingVisits.event("e", "u", product, action, new BigDecimal("12.345678"), 2, 1_000);
  }

  private static void assertSame(UserSession expected, UserSession actual) throws IOException {
    assertEquals(expected.start(), actual.start());
    assertEquals(expected.last(), actual.last());
    assertEquals(expected.events(), actual.events());
    assertEquals(expected.revenue, actual.revenue);
    assertEquals(expected.products.size(), actual.products.size());
    assertEquals(expected.moreProducts, actual.moreProducts);
    assertEquals(expected.hasMoreActions, actual.hasMoreActions);
    assertEquals(known(expected), known(actual));
    assertArrayEquals(FORM.written(expected), FORM.written(actual));
  }

  private static List<Long> known(UserSession session) {
    return List.of(
        session.views, session.additions, session.removals, session.purchases, session.wishes);
  }
}
