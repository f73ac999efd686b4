package dstack.kms.chain.rpc;

/** Words that a contract or an endpoint chose, made fit for one line of a log. */
public final class ForeignWords {
  private static final int LONGEST = 2048;

  private ForeignWords() {}

  /** The text, cut, with a question mark for all that is no printable character. */
  public static String shown(String text) {
    return shown(text, LONGEST);
  }

  static String shown(String text, int longest) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(longest).forEach(c -> shown.appendCodePoint(isPrintable(c) ? c : '?'));
    return shown.toString();
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
