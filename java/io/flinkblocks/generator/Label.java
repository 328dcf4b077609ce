package io.flinkblocks.generator;

/** What a checker may expect of a generated event that is not ordinary traffic. */
public sealed interface Label {
  /** The event's number. */
  long n();

  /** The event's id; of an invalid record the id that it would have had. */
  String eventId();

  /** The label as one line of JSON, without the line's end. */
  String toJson();

  /**
   * A late event.
   *
   * @param behindMs by how much its timestamp is behind its turn, milliseconds
   */
  record Late(long n, String eventId, long behindMs) implements Label {
    @Override
    public String toJson() {
      return head(this, "late") + ",\"behind_ms\":" + behindMs + "}";
    }
  }

  /**
   * A record that is no valid event.
   *
   * @param reason the dead letter's reason
   * @param field the field that it names; null when it is about the whole record
   */
  record Invalid(long n, String eventId, String reason, String field) implements Label {
    @Override
    public String toJson() {
      String name = field == null ? "null" : "\"" + field + "\"";
      return head(this, "invalid") + ",\"reason\":\"" + reason + "\",\"field\":" + name + "}";
    }
  }

  /**
   * A fraud episode that is complete in the stream; n and event_id are those of the event that must
   * set off the rule.
   */
  record Fraud(long n, String eventId, String rule, String userId) implements Label {
    @Override
    public String toJson() {
      return head(this, "fraud") + ",\"rule\":\"" + rule + "\",\"user_id\":\"" + userId + "\"}";
    }
  }

  private static String head(Label label, String kind) {
    return "{\"n\":"
        + label.n()
        + ",\"event_id\":\""
        + label.eventId()
        + "\",\"label\":\""
        + kind
        + "\"";
  }
}
