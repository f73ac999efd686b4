package dstack.kms.onboard.preflight;

/**
 * What one check of the preflight found.
 *
 * @param id a short stable name
 * @param question what it is about, in words
 * @param state what came of it
 * @param says what was found
 * @param advice what to do about it
 */
public record CheckResult(String id, String question, State state, String says, Advice advice) {
  /** What came of a check. */
  public enum State {
    GOOD,
    BAD,
    /** It was not made, because one before it failed or because the configuration says so. */
    LEFT_OUT
  }

  /** Whether it stands in the way. */
  public boolean isBad() {
    return state == State.BAD;
  }
}
