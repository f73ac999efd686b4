package dstack.kms.cli.audit;

/** Keeps what is in a file from steering the terminal that it is shown on. */
final class PlainText {
  private PlainText() {}

  /** The text with a question mark for every character that is not shown as one. */
  static String of(String text) {
    return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
  }
}
