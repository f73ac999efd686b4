package dstack.kms.attest.gcp;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.refusal.RefusalException;
import java.util.HexFormat;

/**
 * A TPM's signature with SHA-256: TPMT_SIGNATURE (specification 14 §3). Well-formed, and nothing
 * more.
 *
 * @param scheme how it was made
 * @param value RSA: as long as the modulus; ECDSA: r and s, 32 bytes each
 */
public record TpmtSignature(SignatureScheme scheme, Bytes value) {
  private static final int SHA256 = 0x000B;
  private static final int SCALAR = EcdsaSignature.LENGTH / 2;

  /** The empty session of the TPM's response, which the original carries along (14 §2.2). */
  private static final Bytes SESSION_AREA = Bytes.fromHex("0000010000");

  /**
   * Reads a signature of that scheme. Of r and s leading zeros may be missing; after the signature
   * may stand nothing, or exactly the five bytes of an empty session.
   *
   * @throws RefusalException {@link GcpRefusal#SIGNATURE_FORM}
   */
  public static TpmtSignature parse(Bytes encoded, SignatureScheme scheme) {
    if (encoded.length() < 4) {
      throw refusal("signature too short: " + encoded.length() + " bytes");
    }
    TpmReader reader =
        new TpmReader(encoded, GcpRefusal.SIGNATURE_FORM, scheme + " signature ends early");
    int algorithm = reader.u16();
    requireSha256(reader.u16());
    scheme.require(algorithm);
    Bytes value =
        switch (scheme) {
          case RSASSA -> reader.sized();
          case ECDSA -> Bytes.concat(scalar(reader.sized()), scalar(reader.sized()));
        };
    requireEnd(reader.rest());
    return new TpmtSignature(scheme, value);
  }

  private static void requireSha256(int hash) {
    if (hash != SHA256) {
      throw refusal("unsupported hash algorithm: 0x" + HexFormat.of().toHexDigits((short) hash));
    }
  }

  private static Bytes scalar(Bytes number) {
    if (number.length() > SCALAR) {
      throw refusal("ECDSA signature with a number of " + number.length() + " bytes");
    }
    return Bytes.concat(Bytes.zeros(SCALAR - number.length()), number);
  }

  private static void requireEnd(Bytes rest) {
    if (!rest.isEmpty() && !rest.equals(SESSION_AREA)) {
      throw refusal("signature followed by " + rest.length() + " bytes");
    }
  }

  private static RefusalException refusal(String text) {
    return GcpRefusal.SIGNATURE_FORM.because(text);
  }
}
