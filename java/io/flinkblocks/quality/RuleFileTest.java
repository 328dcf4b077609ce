package io.flinkblocks.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleFileTest {
  private static final String EMAIL =
      "- {name: mail, table: users, field: email, check: email, severity: low}\n";
  private static final String CHECKS =
      "accepted: email, positive, not-before, unique, reference, amount, schema";
  private static final String LIST =
      "accepted: a list of rules, each with name, table, field, check and severity";

  @Test
  void theRulesOfTheBlockAreInOrder() {
    assertEquals(
        List.of(
            "malformed_email",
            "duplicate_email",
            "non_positive_price",
            "amount_mismatch",
            "unknown_user",
            "unknown_product",
            "updated_at_goes_back",
            "schema_drift"),
        names(Map.of()));
    assertEquals(
        new Rule(
            "amount_mismatch",
            List.of("orders"),
            "amount",
            Check.AMOUNT,
            "high",
            Map.of(
                "quantity", "quantity",
                "reference", "product_id",
                "to", "products",
                "to-field", "id",
                "price", "price",
                "tolerance", "0.01")),
        TestingRules.named("amount_mismatch"));
  }

  @Test
  void rulesOfTheBlockAboutOtherTablesAreLeftOut() {
    assertEquals(
        List.of("malformed_email", "duplicate_email", "updated_at_goes_back", "schema_drift"),
        names(Map.of("source-tables", "public.users")));
    assertEquals(
        List.of("unknown_user", "updated_at_goes_back", "schema_drift"),
        names(Map.of("source-tables", "orders,users")).stream()
            .filter(name -> !name.endsWith("email"))
            .toList());
    assertEquals(List.of("schema_drift"), names(Map.of("source-tables", "shop.users,x")));
  }

  @Test
  void aFileReplacesTheRules(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("mine.yaml"), EMAIL);
    assertEquals(List.of("mail"), names(Map.of("quality-rules", file.toString())));
    assertEquals(
        List.of("mail"),
        names(Map.of("quality-rules", file.toString(), "source-tables", "public.users")));
    UserError other =
        assertThrows(
            UserError.class,
            () -> names(Map.of("quality-rules", file.toString(), "source-tables", "orders")));
    assertEquals(file + " line 1: rule mail: the table \"users\" is not read", other.getMessage());
    assertEquals("add it to --source-tables, or take the rule out", other.cure());
  }

  @Test
  void aFileThatCannotBeReadIsRefused(@TempDir Path folder) throws Exception {
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 1});
    for (String path : List.of(folder + "/none", folder.toString(), binary.toString(), "\0")) {
      UserError error =
          assertThrows(UserError.class, () -> names(Map.of("quality-rules", path)), path);
      assertTrue(error.getMessage().endsWith(" cannot be read as text in UTF-8"), path);
      assertEquals("accepted: a file that can be read", error.cure());
    }
  }

  private static List<String> names(Map<String, String> settings) {
    return RuleFile.rules(Settings.of(settings)).stream().map(Rule::name).toList();
  }

  @Test
  void valuesAreTakenAsTheTextsThatStandThere() {
    Rule rule =
        parse(
                "- name: no\n  table: [on, 'shop.x'';--', 010]\n  field: yes\n  check: positive\n"
                    + "  severity: critical\n")
            .get(0);
    assertEquals("no", rule.name());
    assertEquals(List.of("on", "shop.x';--", "010"), rule.tables());
    assertEquals("yes", rule.field());
    assertTrue(rule.covers("shop.x';--"));
  }

  @Test
  void errorsNameLineRuleAndCure() {
    assertRefused("r.yaml: no rules", LIST, "# nothing\n");
    assertRefused("r.yaml line 2: no list", LIST, "\nname: x\n");
    assertRefused("r.yaml line 2: not valid YAML", LIST, EMAIL + "- {name: ]\n");
    assertRefused("r.yaml line 2: not valid YAML", LIST, EMAIL + "---\n" + EMAIL);
    String lines = "accepted: lines such as `check: email`, the first one behind a dash";
    assertRefused("r.yaml line 2: no rule", lines, EMAIL + "- email\n");
    assertRefused(
        "r.yaml line 2: rule mail: line 1 has that name, too",
        "give each rule its own name",
        EMAIL + EMAIL);
  }

  @Test
  void missingAndUnknownKeysAreRefused() {
    assertRefused("r.yaml line 1: name is missing", "add a line `name: ...`", "- check: email\n");
    assertRefused(
        "r.yaml line 1: rule a: check is missing", "add a line `check: ...`", "- name: a\n");
    assertRefused(
        "r.yaml line 1: rule a: table is missing",
        "add a line `table: ...`",
        "- {name: a, check: email}\n");
    assertRefused(
        "r.yaml line 1: rule a: to is missing",
        "add a line `to: ...`",
        "- {name: a, table: t, field: f, check: reference, severity: low}\n");
    assertRefused(
        "r.yaml line 4: rule a: \"tolerence\" is no key of the check amount",
        "accepted: name, table, check, severity, field, quantity, reference, to, to-field, price,"
            + " tolerance",
        "- name: a\n  table: t\n  check: amount\n  tolerence: 1\n");
    assertRefused(
        "r.yaml line 1: rule a: \"field\" is no key of the check schema",
        "accepted: name, table, check, severity",
        "- {name: a, table: t, field: f, check: schema, severity: low}\n");
    assertRefused(
        "r.yaml line 1: \"name\" is there twice", "leave one out", "- {name: a, name: a}\n");
    assertRefused(
        "r.yaml line 2: rule a: \"?\" is no key of the check email",
        "accepted: name, table, check, severity, field",
        "- {name: a, check: email,\n   [x]: y}\n");
  }

  @Test
  void valuesAreChecked() {
    String names = "accepted: lower-case letters, digits and _, a letter first";
    for (String name : List.of("A", "1a", "a-b", "a b", "\"a\\0\"")) {
      String shown = name.startsWith("\"") ? "a\\u0000" : name;
      assertRefused(
          "r.yaml line 1: name: \"" + shown + "\" is not accepted",
          names,
          "- {name: " + name + ", check: email}\n");
    }
    assertRefused(
        "r.yaml line 1: rule a: check: \"mail\" is not accepted",
        CHECKS,
        "- {name: a, check: mail}\n");
    assertRefused(
        "r.yaml line 1: rule a: severity: \"huge\" is not accepted",
        "accepted: low, medium, high, critical",
        "- {name: a, table: t, field: f, check: email, severity: huge}\n");
    for (String tolerance : List.of("-1", "1e3", ".5", "x")) {
      assertRefused(
          "r.yaml line 1: rule a: tolerance: \"" + tolerance + "\" is not accepted",
          "accepted: a number such as 0.01, not below 0",
          "- {name: a, table: t, field: f, check: amount, severity: low, quantity: q,"
              + " reference: r, to: p, price: p, tolerance: "
              + tolerance
              + "}\n");
    }
    for (String empty : List.of("", "''", "~", "null", "[]", "{a: b}")) {
      assertRefused(
          "r.yaml line 1: rule a: table is no text",
          "write one value behind table:",
          "- {name: a, table: " + empty + ", field: f, check: email, severity: low}\n");
    }
    for (String tables : List.of("[a, b]", "'*'")) {
      assertRefused(
          "r.yaml line 1: rule a: the check unique is about one table",
          "write a rule for each table",
          "- {name: a, table: " + tables + ", field: f, check: unique, severity: low}\n");
    }
  }

  /** Whatever is in a file: rules, or an error that says what to do. */
  @Property
  void anyTextIsReadOrRefused(@ForAll String text) {
    try {
      parse(text);
    } catch (UserError e) {
      assertTrue(e.getMessage().startsWith("r.yaml") && !e.cure().isEmpty());
    }
  }

  private static List<Rule> parse(String text) {
    return RuleFile.parse(text, "r.yaml", null);
  }

  private static void assertRefused(String message, String cure, String text) {
    UserError error =
        assertThrows(
            UserError.class, () -> RuleFile.parse(text, "r.yaml", Set.of("t", "users")), text);
    assertEquals(message, error.getMessage());
    assertEquals(cure, error.cure());
  }
}
