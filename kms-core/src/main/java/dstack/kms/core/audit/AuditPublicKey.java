package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;

/** The key under which the lines and checkpoints of one log hold. */
public record AuditPublicKey(P256PublicKey key) {
  private static final SignatureVerifier VERIFIER = SignatureVerifiers.named("auto");
  private static final int ID_BYTES = 8;

  /** The short id in each line: the first 8 bytes of the SHA-256 of the public key info. */
  public String id() {
    return Digests.sha256(key.subjectPublicKeyInfo()).slice(0, ID_BYTES).hex();
  }

  boolean signed(SealedLine line) {
    return holds(lineMessage(line.hash()), line.signature());
  }

  boolean signed(AuditHead head, EcdsaSignature signature) {
    return holds(headMessage(head), signature);
  }

  private boolean holds(Bytes message, EcdsaSignature signature) {
    return LowS.holds(signature) && VERIFIER.verifiesP256Sha256(key, message, signature);
  }

  static Bytes lineMessage(Bytes hash) {
    return Bytes.utf8("dstack-kms-audit-line-v1:" + hash.hex());
  }

  static Bytes headMessage(AuditHead head) {
    return Bytes.utf8("dstack-kms-audit-head-v1:" + head.sequence() + ':' + head.hash().hex());
  }
}
