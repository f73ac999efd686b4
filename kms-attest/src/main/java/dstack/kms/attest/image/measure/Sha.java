package dstack.kms.attest.image.measure;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Digests that are fed piece by piece. */
enum Sha {
  SHA_256("SHA-256"),
  SHA_384("SHA-384");

  private final String algorithm;

  Sha(String algorithm) {
    this.algorithm = algorithm;
  }

  MessageDigest start() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
