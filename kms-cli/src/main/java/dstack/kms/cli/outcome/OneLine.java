package dstack.kms.cli.outcome;

import org.jspecify.annotations.Nullable;

/** Keeps foreign text from breaking the one line it is printed in. */
public final class OneLine {
  private OneLine() {}

  /**
   * The text with a space for whatever a terminal obeys, line ends and the controls above ASCII
   * included, and for what is not seen or turns the direction of writing.
   */
  public static String of(@Nullable String text) {
    return String.valueOf(text).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ").strip();
  }
}
