package dstack.kms.onboard.preflight;

/** What a check found. */
sealed interface Found<T> {
  /**
   * All is well.
   *
   * @param value what later checks work with
   * @param says in words
   */
  record Good<T>(T value, String says) implements Found<T> {}

  /**
   * Something stands in the way.
   *
   * @param says what
   * @param advice what to do about it
   */
  record Bad<T>(String says, Advice advice) implements Found<T> {}
}
