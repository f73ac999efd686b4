package dstack.kms.onboard.replication;

/** What the source said, fit to be shown: one line, printable, not endless. */
final class Said {
  private static final int LONGEST = 512;

  private Said() {}

  /** The text without line breaks and control characters, and cut off if it is long. */
  static String shown(String text) {
    String line = text.replaceAll("[\\p{C}\\p{Z}]+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
