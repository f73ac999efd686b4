package dstack.kms.cli.doctor;

/**
 * What a check found.
 *
 * @param check a short stable name
 * @param level how bad it is
 * @param found in words, without secrets
 * @param advice what to do; empty where there is nothing to do
 */
record Finding(String check, Level level, String found, String advice) {
  /** How bad it is. */
  enum Level {
    /** As it should be. */
    OK("ok"),
    /** The server will run, but not as well or as safely as it could. */
    WARNING("warning"),
    /** The server will not start, or will refuse what it is for. */
    PROBLEM("PROBLEM"),
    /** Something that the server needs did not answer. */
    UNREACHABLE("UNREACHABLE");

    private final String word;

    Level(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  static Finding ok(String check, String found) {
    return new Finding(check, Level.OK, found, "");
  }

  static Finding warning(String check, String found, String advice) {
    return new Finding(check, Level.WARNING, found, advice);
  }

  static Finding problem(String check, String found, String advice) {
    return new Finding(check, Level.PROBLEM, found, advice);
  }

  static Finding unreachable(String check, String found, String advice) {
    return new Finding(check, Level.UNREACHABLE, found, advice);
  }
}
