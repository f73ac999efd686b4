package dstack.kms.image;

import java.util.Locale;

/** What else is in an image beside the server. */
enum Variant {
  /** Nothing: no shell, no other program. */
  PLAIN,
  /** A shell and what the published guide's compose files call. */
  SHELL;

  static Variant ofWord(String word) {
    return switch (word) {
      case "plain" -> PLAIN;
      case "shell" -> SHELL;
      default -> throw new ImageProblem("no variant " + word + ": plain or shell");
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
