package dstack.kms.core.refusal;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A refusal with its stable code and its text.
 *
 * <p>The message is the chain that clients see: outermost context first, joined by {@code ": "}
 * (specification 01 §5). What only the operator may see (URLs, operating system errors, foreign
 * bodies) goes into {@link #detail()}, which is logged and never sent.
 */
public final class RefusalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient RefusalCode code;
  private final String detail;
  private final transient Optional<Duration> retryAfter;

  /** A refusal without anything that only the operator may see. */
  public RefusalException(RefusalCode code, String text) {
    this(code, text, "", null, Optional.empty());
  }

  /** A refusal with a text for clients and a detail for the operator's log. */
  public RefusalException(RefusalCode code, String text, String detail) {
    this(code, text, detail, null, Optional.empty());
  }

  private RefusalException(
      RefusalCode code,
      String text,
      String detail,
      @org.jspecify.annotations.Nullable Throwable cause,
      Optional<Duration> retryAfter) {
    super(Objects.requireNonNull(text, "text is null"), cause);
    this.code = Objects.requireNonNull(code, "code is null");
    this.detail = Objects.requireNonNull(detail, "detail is null");
    this.retryAfter = retryAfter;
  }

  /** A refusal that keeps the exception behind it for the operator's log. */
  public static RefusalException causedBy(RefusalCode code, String text, Throwable cause) {
    return new RefusalException(code, text, String.valueOf(cause), cause, Optional.empty());
  }

  /** A refusal of somebody who asks too often; over a network it is answered with status 429. */
  public static RefusalException tooOften(RefusalCode code, String text, Duration retryAfter) {
    return new RefusalException(code, text, "", null, Optional.of(retryAfter));
  }

  /** The same refusal seen from one step further out: {@code "<context>: <text>"}. */
  public RefusalException within(String context) {
    return new RefusalException(code, context + ": " + getMessage(), detail, this, retryAfter);
  }

  /** The stable code. */
  public RefusalCode code() {
    return code;
  }

  /** The chain text that clients see. */
  public String text() {
    return Objects.requireNonNull(getMessage());
  }

  /** When to ask again, for somebody who asks too often; empty for every other refusal. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /** What only the operator's log may show; empty if there is nothing more to say. */
  public String detail() {
    return detail;
  }
}
