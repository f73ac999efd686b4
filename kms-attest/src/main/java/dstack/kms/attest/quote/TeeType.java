package dstack.kms.attest.quote;

import java.util.Optional;

/** The kind of trusted execution environment that a quote speaks about. */
public enum TeeType {
  /** An SGX enclave. */
  SGX(0x00, "sgx"),
  /** A TDX trust domain. */
  TDX(0x81, "tdx");

  private final long code;
  private final String path;

  TeeType(long code, String path) {
    this.code = code;
    this.path = path;
  }

  /** The number in the header of a quote. */
  public long code() {
    return code;
  }

  /** The name in the URLs of collateral, {@code sgx} or {@code tdx}. */
  public String path() {
    return path;
  }

  /** The kind of that number; empty for a number that is not known. */
  public static Optional<TeeType> of(long code) {
    for (TeeType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
