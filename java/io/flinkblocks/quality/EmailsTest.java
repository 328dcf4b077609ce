package io.flinkblocks.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EmailsTest {
  /** The same in another notation, for ASCII and short texts. */
  private static final Pattern MODEL =
      Pattern.compile(
          "(?=.{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
              + "@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+"
              + "(?!\\d+$)[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]");

  @Test
  void addressesAreValid() {
    List<String> addresses =
        List.of(
            "a@b.co",
            "first.last+tag@mail.example.com",
            "o'neil_{x}!#$%&*/=?^`|~-@x-y.example",
            "UPPER@EXAMPLE.ORG",
            "1@2.3x",
            "j\u00fcrgen@b\u00fccher.example",
            "\u0938\u0902\u092a\u0930\u094d\u0915@\u0921\u093e\u091f\u093e.\u092d\u093e\u0930\u0924",
            "x".repeat(64) + "@" + "y".repeat(63) + ".example");
    for (String address : addresses) {
      assertTrue(Emails.isValid(address), address);
    }
  }

  @Test
  void otherTextsAreNot() {
    List<String> texts =
        List.of(
            "",
            "@",
            "plain",
            "@example.com",
            "a@",
            "a@b",
            "a@b.c",
            "a@b.12",
            "a@.com",
            "a@b..com",
            "a@-b.com",
            "a@b-.com",
            "a@b.com.",
            ".a@b.com",
            "a.@b.com",
            "a..b@c.com",
            "a@b@c.com",
            "a b@c.com",
            "a@c d.com",
            " a@b.com",
            "a@b.com\n",
            "a@b_c.com",
            "\"quoted\"@b.com",
            "a(comment)@b.com",
            "x'; DROP TABLE users;--",
            "x';--@b.com",
            "a\u200b@b.com",
            "a\u00a0b@c.com",
            "a\ud800@b.com",
            "a\u0000@b.com",
            "x".repeat(65) + "@b.com",
            "a@" + "y".repeat(64) + ".com",
            "a@" + "yyyy.".repeat(60) + "com");
    for (String text : texts) {
      assertFalse(Emails.isValid(text), text);
    }
  }

  @Provide
  Arbitrary<String> nearAddresses() {
    return Arbitraries.strings().withChars("a1.@-_'; Z").ofMaxLength(14);
  }

  @Property(tries = 5_000)
  void textsNearAddressesAreJudgedLikeByTheModel(@ForAll("nearAddresses") String text) {
    assertEquals(MODEL.matcher(text).matches(), Emails.isValid(text), text);
  }

  @Property
  void anyTextIsJudged(@ForAll String text) {
    boolean isValid = Emails.isValid(text);
    assertTrue(!isValid || text.indexOf('@') > 0, text);
  }
}
