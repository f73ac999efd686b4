package dstack.kms.chain.testing;

/** What a decision function answered. */
public record Answer(boolean isAllowed, String reason) {
  /** The only yes. */
  public static final Answer ALLOWED = new Answer(true, "");

  /** A no with that reason. */
  public static Answer denied(String reason) {
    return new Answer(false, reason);
  }
}
