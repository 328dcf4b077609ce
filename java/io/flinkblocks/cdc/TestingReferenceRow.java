package io.flinkblocks.cdc;

import io.flinkblocks.cdc.TestingRawTree.Num;
import io.flinkblocks.cdc.TestingReferenceValues.SchemaType;
import io.flinkblocks.event.DeadLetter.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The canonical form of a row, and what a schema says of its columns. */
final class TestingReferenceRow {
  private static final Set<String> SHOP = Set.of("users", "products", "orders");

  /**
   * A row in its canonical form.
   *
   * @param faults gets the reason and the column of each value that has none
   */
  static String canonical(
      TestingRawTree row,
      String table,
      Map<String, SchemaType> types,
      BiConsumer<Reason, String> faults) {
    List<String> members = new ArrayList<>();
    row.members()
        .forEach(
            (name, node) -> {
              String value = value(node, table, name, types.get(name));
              if (value.equals(TestingReferenceValues.WRONG_TYPE)) {
                faults.accept(Reason.WRONG_TYPE, name);
              } else if (value.equals(TestingReferenceValues.OUT_OF_RANGE)) {
                faults.accept(Reason.OUT_OF_RANGE, name);
              }
              members.add(quoted(name) + ":" + value);
            });
    return "{" + String.join(",", members) + "}";
  }

  /** A value of a column in its canonical form. */
  static String value(TestingRawTree node, String table, String column, SchemaType type) {
    if (node.value() == null) {
      return "null";
    }
    return switch (SHOP.contains(table) ? column : "") {
      case "id", "user_id", "product_id", "quantity", "stock", "reorder_level" ->
          TestingReferenceValues.integer(node);
      case "email", "name", "tier", "status", "sku", "category" ->
          TestingReferenceValues.text(node);
      case "price", "amount" -> TestingReferenceValues.amount(node, type);
      case "created_at", "updated_at" -> TestingReferenceValues.timestamp(node, type);
      default -> node.compact();
    };
  }

  /** A name with no escapes but those that must be. */
  static String quoted(String name) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : name.toCharArray()) {
      int known = "\b\t\n\f\r\"\\".indexOf(c);
      if (known >= 0) {
        out.append('\\').append("btnfr\"\\".charAt(known));
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  /** What a schema says of the columns of a row before or after. */
  static Map<String, SchemaType> types(TestingRawTree schema, String member) {
    Map<String, SchemaType> types = new HashMap<>();
    fields(fields(schema).get(member)).forEach((name, field) -> types.put(name, type(field)));
    return types;
  }

  private static SchemaType type(TestingRawTree field) {
    TestingRawTree parameters = field.get("parameters");
    TestingRawTree scale = parameters == null ? null : parameters.get("scale");
    String text = scale == null ? "" : scale.value() instanceof Num n ? n.text() : string(scale);
    return new SchemaType(
        string(field.get("name")),
        string(field.get("type")),
        text != null && text.matches("-?[0-9]{1,9}") ? text : null);
  }

  private static Map<String, TestingRawTree> fields(TestingRawTree structure) {
    Map<String, TestingRawTree> fields = new HashMap<>();
    TestingRawTree list = structure == null ? null : structure.get("fields");
    for (TestingRawTree field : list == null ? List.<TestingRawTree>of() : list.elements()) {
      if (field.get("field") != null) {
        fields.put(string(field.get("field")), field);
      }
    }
    return fields;
  }

  private static String string(TestingRawTree node) {
    return node != null && node.value() instanceof String s ? s : null;
  }

  private TestingReferenceRow() {}
}
