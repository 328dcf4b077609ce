package io.flinkblocks.quality;

import io.flinkblocks.cdc.Lsn;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;

/**
 * What a check has to say of a row, or of a table.
 *
 * @param row the row's key as JSON; null when it is about the table
 * @param field the column
 * @param value the field's JSON; null when there is none
 * @param detail what is wrong, or why it no longer is
 * @param cleared whether it ends an earlier alert of the same rule and row
 * @param time of the change that made it so, in ms since the epoch
 * @param lsn of the same change
 */
record Alert(
    String row, String field, byte[] value, String detail, boolean cleared, long time, long lsn) {

  /** The record of an alert of a rule about a table. */
  OutputRecord record(Rule rule, String table, JsonWriter json) {
    json.begin()
        .field("rule", rule.name())
        .field("severity", rule.severity())
        .field("table", table);
    json("key", row == null ? null : row.getBytes(StandardCharsets.UTF_8), json);
    json.field("field", field);
    json("value", value, json);
    json.field("detail", detail)
        .field("cleared", cleared)
        .field("time", time)
        .field("lsn", Lsn.text(lsn));
    String key = row == null ? table : table + ":" + row;
    return OutputRecord.of(Quality.OUTPUT, key.getBytes(StandardCharsets.UTF_8), json.end());
  }

  private static void json(String name, byte[] value, JsonWriter json) {
    if (value == null) {
      json.nullField(name);
    } else {
      json.json(name, value);
    }
  }
}
