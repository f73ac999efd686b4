package dstack.kms.attest.collateral;

import dstack.kms.core.bytes.Bytes;
import java.util.Objects;
import java.util.Optional;

/**
 * What Intel publishes about one family of platforms; nothing in it was checked (specification 11
 * §5).
 *
 * @param pckCrlIssuerChain PEM, not used to verify quotes
 * @param rootCaCrl DER
 * @param pckCrl DER
 * @param tcbInfoIssuerChain PEM: signer, root
 * @param tcbInfo the exact signed text
 * @param tcbInfoSignature r and s, 64 bytes if it is well-formed
 * @param qeIdentityIssuerChain PEM: signer, root
 * @param qeIdentity the exact signed text
 * @param qeIdentitySignature r and s, 64 bytes if it is well-formed
 * @param pckCertificateChain PEM; replaces the chain in the quote if it is there
 */
public record Collateral(
    String pckCrlIssuerChain,
    Bytes rootCaCrl,
    Bytes pckCrl,
    String tcbInfoIssuerChain,
    String tcbInfo,
    Bytes tcbInfoSignature,
    String qeIdentityIssuerChain,
    String qeIdentity,
    Bytes qeIdentitySignature,
    Optional<String> pckCertificateChain) {

  /** Refuses null parts. */
  public Collateral {
    Objects.requireNonNull(pckCertificateChain, "pckCertificateChain is null");
  }

  /**
   * Reads the JSON form: binary parts as hex text or as a list of integers.
   *
   * @throws dstack.kms.core.refusal.RefusalException {@link CollateralRefusal#MALFORMED}
   */
  public static Collateral fromJson(String json) {
    return CollateralJson.read(json);
  }

  /** The JSON form with binary parts as hex text. */
  public String toJson() {
    return CollateralJson.write(this);
  }

  /** The same with that PCK chain instead of the one in the quote. */
  public Collateral withPckCertificateChain(String chain) {
    return new Collateral(
        pckCrlIssuerChain,
        rootCaCrl,
        pckCrl,
        tcbInfoIssuerChain,
        tcbInfo,
        tcbInfoSignature,
        qeIdentityIssuerChain,
        qeIdentity,
        qeIdentitySignature,
        Optional.of(chain));
  }
}
