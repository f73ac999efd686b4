package dstack.kms.attest.device;

/**
 * What a system call came to.
 *
 * @param value what the call returned, −1 if it failed
 * @param errno the error number if it failed, else 0
 */
public record CallResult(long value, int errno) {
  /** A call that returned something. */
  public static CallResult of(long value) {
    return new CallResult(value, 0);
  }

  /** A call that failed. */
  public static CallResult failure(int errno) {
    return new CallResult(-1, errno);
  }

  /** Whether the call failed. */
  public boolean failed() {
    return value < 0;
  }

  /** The error as a text for people, for example {@code Device or resource busy (os error 16)}. */
  public String error() {
    return Errno.text(errno);
  }
}
