package dstack.kms.onboard.backup.share;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;

/** A holder's private key; closing erases it. */
public sealed interface HolderIdentity extends AutoCloseable {
  /** The public half. */
  HolderKey publicKey();

  /** What the sealed share contains. */
  Secret unseal(ShareFile file);

  @Override
  void close();

  /**
   * Opens this holder's share, and proves that nothing around it was changed.
   *
   * @throws RefusalException with a {@link ShareRefusal}
   */
  default OpenedShare open(ShareFile file) {
    if (file.isForSession()) {
      throw notYours("the share is sealed to a restore session");
    }
    Bytes mine = publicKey().fingerprint();
    if (!file.holder().fingerprint().equals(mine)) {
      throw notYours(
          "the share is sealed to the key with fingerprint "
              + file.holder().fingerprint()
              + ", this one has "
              + mine);
    }
    return OpenedShare.check(file, unseal(file));
  }

  /** Reads an identity file: of age, or PKCS#8 in PEM with an X25519 or P-256 key. */
  static HolderIdentity read(Secret file) {
    return IdentityText.read(file);
  }

  /** The key of an age identity. */
  record X25519Identity(Secret key) implements HolderIdentity {
    @Override
    public HolderKey publicKey() {
      return new HolderKey.X25519(X25519.publicKey(key));
    }

    @Override
    public Secret unseal(ShareFile file) {
      if (file.sealed().kind() != SealedShare.Kind.AGE) {
        throw notYours("the share is not sealed to an X25519 key");
      }
      return AgeSealing.open(key, file.sealed().content());
    }

    @Override
    public void close() {
      key.close();
    }
  }

  /** A P-256 key. */
  record P256Identity(P256PrivateKey key) implements HolderIdentity {
    @Override
    public HolderKey publicKey() {
      return new HolderKey.P256(key.publicKey());
    }

    @Override
    public Secret unseal(ShareFile file) {
      if (file.sealed().kind() != SealedShare.Kind.P256) {
        throw notYours("the share is not sealed to a P-256 key");
      }
      return HpkeSealing.withP256(
          key, OpenedShare.forHolder(file.setDigest(), file.index()), file.sealed().content());
    }

    @Override
    public void close() {
      key.close();
    }
  }

  private static RefusalException notYours(String text) {
    return new RefusalException(ShareRefusal.NOT_YOURS, text);
  }
}
