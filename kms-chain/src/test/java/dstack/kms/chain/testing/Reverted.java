package dstack.kms.chain.testing;

import dstack.kms.core.bytes.Bytes;

/** The contract refused; with the data that it gave as the reason. */
public final class Reverted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Bytes data;

  Reverted(Bytes data) {
    super("reverted with " + data);
    this.data = data;
  }

  /** The revert data: a selector and its arguments, or nothing. */
  public Bytes data() {
    return data;
  }

  /** The text of a {@code require}; fails if it is another error. */
  public String reason() {
    if (!data.hex().startsWith("08c379a0")) {
      throw new AssertionError("no text: " + data);
    }
    return Returned.of(data.slice(4, data.length())).text(0);
  }
}
