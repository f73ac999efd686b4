package dstack.kms.core.config;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * A configured token, known by its SHA-256 only.
 *
 * <p>The token itself is not kept. Candidates are compared by digest in constant time
 * (specification 01 §7).
 */
public final class TokenDigest {
  private final Bytes sha256;

  private TokenDigest(Bytes sha256) {
    this.sha256 = sha256;
  }

  /** The digest of the token's UTF-8 bytes. */
  public static TokenDigest ofToken(String token) {
    return new TokenDigest(Digests.sha256(Bytes.utf8(token)));
  }

  /** Reads 64 hexadecimal digits; no digits at all mean no token. */
  static Optional<TokenDigest> ofHex(String hex) {
    if (hex.isEmpty()) {
      return Optional.empty();
    }
    if (!hex.matches("[0-9a-fA-F]{64}")) {
      throw ConfigText.bad("must be the 64 hexadecimal digits of a SHA-256");
    }
    return Optional.of(new TokenDigest(Bytes.fromHex(hex)));
  }

  /** Whether the candidate is the token. */
  public boolean matches(String candidate) {
    return MessageDigest.isEqual(sha256.toArray(), Digests.sha256(Bytes.utf8(candidate)).toArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenDigest that
        && MessageDigest.isEqual(sha256.toArray(), that.sha256.toArray());
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }

  @Override
  public String toString() {
    return "TokenDigest[set]";
  }
}
