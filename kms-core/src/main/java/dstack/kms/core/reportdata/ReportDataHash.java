package dstack.kms.core.reportdata;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/** The hashes that report data can be made with, by their names in the guest API. */
public enum ReportDataHash {
  SHA256("sha256"),
  SHA384("sha384"),
  SHA512("sha512"),
  SHA3_256("sha3-256"),
  SHA3_384("sha3-384"),
  SHA3_512("sha3-512"),
  KECCAK256("keccak256"),
  KECCAK384("keccak384"),
  KECCAK512("keccak512");

  private final String wireName;

  ReportDataHash(String wireName) {
    this.wireName = wireName;
  }

  /** The hash of that name; the empty name is SHA-512. */
  public static Optional<ReportDataHash> ofWireName(String name) {
    if (name.isEmpty()) {
      return Optional.of(SHA512);
    }
    return Arrays.stream(values()).filter(hash -> hash.wireName.equals(name)).findFirst();
  }

  /** The name in the guest API. */
  public String wireName() {
    return wireName;
  }

  Bytes of(Bytes content) {
    return switch (this) {
      case SHA256 -> jdk("SHA-256", content);
      case SHA384 -> jdk("SHA-384", content);
      case SHA512 -> jdk("SHA-512", content);
      case SHA3_256 -> jdk("SHA3-256", content);
      case SHA3_384 -> jdk("SHA3-384", content);
      case SHA3_512 -> jdk("SHA3-512", content);
      case KECCAK256 -> Keccak.keccak256(content);
      case KECCAK384 -> Keccak.keccak384(content);
      case KECCAK512 -> Keccak.keccak512(content);
    };
  }

  private static Bytes jdk(String algorithm, Bytes content) {
    try {
      return Bytes.of(MessageDigest.getInstance(algorithm).digest(content.toArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
