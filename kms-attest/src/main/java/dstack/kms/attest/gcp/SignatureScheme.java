package dstack.kms.attest.gcp;

import java.util.HexFormat;

/** The signature scheme that the kind of the attestation key demands. */
public enum SignatureScheme {
  /** RSA, PKCS #1 v1.5. */
  RSASSA(0x0014),
  /** ECDSA over P-256. */
  ECDSA(0x0018);

  private final int algorithm;

  SignatureScheme(int algorithm) {
    this.algorithm = algorithm;
  }

  void require(int found) {
    if (found != algorithm) {
      throw GcpRefusal.SIGNATURE_FORM.because(
          "expected " + name() + " (" + hex(algorithm) + "), got " + hex(found));
    }
  }

  private static String hex(int algorithm) {
    return "0x" + HexFormat.of().toHexDigits((short) algorithm);
  }
}
