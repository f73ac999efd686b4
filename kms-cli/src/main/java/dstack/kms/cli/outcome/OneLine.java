package dstack.kms.cli.outcome;

import org.jspecify.annotations.Nullable;

/** Keeps foreign text from breaking the one line it is printed in. */
public final class OneLine {
  private OneLine() {}

  /** The text with every control character, line ends included, as a space. */
  public static String of(@Nullable String text) {
    return String.valueOf(text).replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
