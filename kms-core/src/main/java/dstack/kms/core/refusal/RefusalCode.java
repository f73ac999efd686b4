package dstack.kms.core.refusal;

/**
 * The stable name of one reason to refuse. Implemented by one enum for each trust decision; codes
 * are listed in {@code docs/reference/error-codes.md} and never change their meaning.
 */
public interface RefusalCode {
  /** The stable code: lower-case words joined by hyphens, for example {@code quote-signature}. */
  String code();

  /** What sort of refusal it is. */
  RefusalKind kind();
}
