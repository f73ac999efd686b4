package dstack.kms.sim.collateral;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.sim.pki.CertifiedKey;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A JSON text, the signature over exactly its bytes and the signer's certificate chain.
 *
 * @param issuerChain PEM, signer first
 */
public record SignedText(String text, EcdsaSignature signature, String issuerChain) {
  static SignedText of(String text, CertifiedKey signer, List<CertifiedKey> chain) {
    return new SignedText(
        text,
        signer.key().sign(Bytes.utf8(text)),
        chain.stream().map(CertifiedKey::pem).collect(Collectors.joining()));
  }

  /** The same signature beside another text. */
  public SignedText withText(String other) {
    return new SignedText(other, signature, issuerChain);
  }
}
