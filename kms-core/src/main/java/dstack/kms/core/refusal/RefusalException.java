package dstack.kms.core.refusal;

import java.util.Objects;

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

  /** A refusal without anything that only the operator may see. */
  public RefusalException(RefusalCode code, String text) {
    this(code, text, "", null);
  }

  /** A refusal with a text for clients and a detail for the operator's log. */
  public RefusalException(RefusalCode code, String text, String detail) {
    this(code, text, detail, null);
  }

  private RefusalException(
      RefusalCode code,
      String text,
      String detail,
      @org.jspecify.annotations.Nullable Throwable cause) {
    super(Objects.requireNonNull(text, "text is null"), cause);
    this.code = Objects.requireNonNull(code, "code is null");
    this.detail = Objects.requireNonNull(detail, "detail is null");
  }

  /** A refusal that keeps the exception behind it for the operator's log. */
  public static RefusalException causedBy(RefusalCode code, String text, Throwable cause) {
    return new RefusalException(code, text, String.valueOf(cause), cause);
  }

  /** The same refusal seen from one step further out: {@code "<context>: <text>"}. */
  public RefusalException within(String context) {
    return new RefusalException(code, context + ": " + getMessage(), detail, this);
  }

  /** The stable code. */
  public RefusalCode code() {
    return code;
  }

  /** The chain text that clients see. */
  public String text() {
    return Objects.requireNonNull(getMessage());
  }

  /** What only the operator's log may show; empty if there is nothing more to say. */
  public String detail() {
    return detail;
  }
}
