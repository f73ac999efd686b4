package dstack.kms.core.csr;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;

/**
 * A request to certify a key as it was received, taken apart and not verified.
 *
 * <p>Only canonical SCALE without trailing bytes is taken, so the received bytes are the one
 * encoding of what they say, and the signature is checked over them.
 */
public final class SignCertRequestCsr {
  private final Bytes received;
  private final CsrParts parts;

  private SignCertRequestCsr(Bytes received, CsrParts parts) {
    this.received = received;
    this.parts = parts;
  }

  /**
   * Takes the request apart. Refusals: {@code Unsupported API version: N} for versions other than 1
   * and 2, else {@code Failed to parse csr: …}.
   */
  public static SignCertRequestCsr parse(long apiVersion, Bytes csr) {
    if (apiVersion != 1 && apiVersion != 2) {
      throw new RefusalException(CsrRefusal.API_VERSION, "Unsupported API version: " + apiVersion);
    }
    try {
      return new SignCertRequestCsr(
          csr, apiVersion == 1 ? CsrParser.version1(csr) : CsrParser.version2(csr));
    } catch (RefusalException e) {
      throw e.within("Failed to parse csr");
    }
  }

  /** What the certificate shall say. */
  public CsrConfig config() {
    return parts.config();
  }

  /** The evidence. */
  public CsrEvidence evidence() {
    return parts.evidence();
  }

  /** The subject public key info, exactly as it stands in the request. */
  public Bytes publicKey() {
    return parts.publicKey();
  }

  /**
   * Proves that the request was written by the holder of its key: a DER signature by ECDSA P-256
   * and SHA-256 over the received bytes. Refusals begin with {@code Failed to verify csr
   * signature}.
   */
  public VerifiedCsr verify(Bytes signature, SignatureVerifier verifier) {
    try {
      return CsrVerification.verify(received, parts, signature, verifier);
    } catch (RefusalException e) {
      throw e.within("Failed to verify csr signature");
    }
  }
}
