package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PrivateKey;

/** The key that signs the lines of one node's log. */
final class AuditKey implements AutoCloseable {
  private final P256PrivateKey key;
  private final AuditPublicKey publicKey;

  /** Closes the private key when it is closed. */
  AuditKey(P256PrivateKey key) {
    this.key = key;
    publicKey = new AuditPublicKey(key.publicKey());
  }

  AuditPublicKey publicKey() {
    return publicKey;
  }

  /**
   * A line and its hash.
   *
   * @param content with the line feed
   */
  record Sealed(Bytes content, Bytes hash) {}

  Sealed seal(LineBody body) {
    Bytes encoded = body.encode();
    Bytes hash = Digests.sha256(encoded);
    EcdsaSignature signature = LowS.of(key.sign(AuditPublicKey.lineMessage(hash)));
    return new Sealed(SealedLine.encode(encoded, hash, signature), hash);
  }

  /** The checkpoint that says how far the log had come. */
  Checkpoint checkpoint(AuditHead head) {
    return new Checkpoint(head, publicKey, LowS.of(key.sign(AuditPublicKey.headMessage(head))));
  }

  @Override
  public void close() {
    key.close();
  }
}
