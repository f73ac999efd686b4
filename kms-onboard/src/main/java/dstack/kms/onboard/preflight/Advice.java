package dstack.kms.onboard.preflight;

/**
 * What to do about something.
 *
 * @param text in words; empty if there is nothing to say
 * @param command the one that would do it, or empty
 */
public record Advice(String text, String command) {
  /** Nothing to say. */
  public static final Advice NONE = new Advice("", "");

  static Advice of(String text) {
    return new Advice(text, "");
  }
}
