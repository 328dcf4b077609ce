package io.flinkblocks.quality;

/**
 * What an e-mail address looks like: {@code local@domain}, in the unquoted form of RFC 5322, with
 * letters of all scripts (RFC 6531).
 *
 * <p>The local part is made of words with single points between them, at most 64 characters. The
 * domain has two labels or more, of letters, digits and inner hyphens, at most 63 characters each;
 * the last one is no number and no single letter. All in all there are at most 254 characters.
 */
final class Emails {
  private static final int LONGEST = 254;
  private static final int LONGEST_LOCAL = 64;
  private static final int LONGEST_LABEL = 63;
  private static final String IN_WORDS = "!#$%&'*+-/=?^_`{|}~";

  private Emails() {}

  /** Whether a text is an address. */
  static boolean isValid(String text) {
    int at = text.indexOf('@');
    return at >= 0
        && text.length() <= LONGEST
        && isLocal(text.substring(0, at))
        && isDomain(text.substring(at + 1));
  }

  private static boolean isLocal(String local) {
    if (local.length() > LONGEST_LOCAL) {
      return false;
    }
    for (String word : local.split("\\.", -1)) {
      boolean isWord = word.codePoints().allMatch(c -> isLetter(c) || IN_WORDS.indexOf(c) >= 0);
      if (word.isEmpty() || !isWord) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDomain(String domain) {
    String[] labels = domain.split("\\.", -1);
    for (String label : labels) {
      if (!isLabel(label)) {
        return false;
      }
    }
    String last = labels[labels.length - 1];
    return labels.length > 1
        && last.length() > 1
        && !last.codePoints().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isLabel(String label) {
    return !label.isEmpty()
        && label.length() <= LONGEST_LABEL
        && !label.startsWith("-")
        && !label.endsWith("-")
        && label.codePoints().allMatch(c -> isLetter(c) || c == '-');
  }

  /** A letter or digit; of other scripts than Latin also the signs that letters are made with. */
  private static boolean isLetter(int c) {
    if (c < 0x80) {
      return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }
    return Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
  }
}
