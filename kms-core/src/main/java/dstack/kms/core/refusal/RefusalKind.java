package dstack.kms.core.refusal;

/** What sort of refusal it is; decides the exit status of a command (specification 00 §6). */
public enum RefusalKind {
  /** The input was understood and is not acceptable. */
  REFUSED,
  /** The input, the configuration or the command line is malformed. */
  INVALID,
  /** A service that the decision needs did not answer, so nothing was decided. */
  UNAVAILABLE,
}
