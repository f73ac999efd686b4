package dstack.kms.onboard.backup.share;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Hpke;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;

/**
 * A share out of its seal, proven to be the one that its manifest commits to; closing erases it.
 */
public final class OpenedShare implements AutoCloseable {
  /** How long a share is: as the data key. */
  static final int LENGTH = 32;

  private static final int VERSION = 1;
  private static final int SHARE_AT = 2;
  private static final int DIGEST_AT = SHARE_AT + LENGTH;
  private static final int WHOLE = DIGEST_AT + 32;
  private static final Bytes LABEL = Bytes.utf8("dstack-kms-backup-share-v1:");
  private static final Bytes HOLDER_INFO = Bytes.utf8("dstack-kms-backup-holder-v1");
  private static final Bytes SESSION_INFO = Bytes.utf8("dstack-kms-backup-session-v1:");

  private final ShareFile file;
  private final Secret share;

  private OpenedShare(ShareFile file, Secret share) {
    this.file = file;
    this.share = share;
  }

  /** What is sealed: version, index, share, and the digest of everything around it. */
  static Secret content(int index, Secret share, Bytes setDigest) {
    return SecretBytes.join(Bytes.of(new byte[] {VERSION, (byte) index}), share, setDigest);
  }

  /** What a manifest says about a share before anybody opens it. */
  static Bytes commitment(Bytes setId, int index, Secret share) {
    Bytes before = Bytes.concat(LABEL, setId, Bytes.of(new byte[] {(byte) index}));
    try (Secret preimage = SecretBytes.join(before, share, Bytes.EMPTY)) {
      return preimage.sha256();
    }
  }

  /** What sealing by HPKE to a holder is bound to. */
  static Hpke.Binding forHolder(Bytes setDigest, int index) {
    return new Hpke.Binding(HOLDER_INFO, data(setDigest, index));
  }

  /** What sealing to a session is bound to. */
  static Hpke.Binding forSession(Bytes sessionId, ShareFile file) {
    return new Hpke.Binding(
        Bytes.concat(SESSION_INFO, sessionId), data(file.setDigest(), file.index()));
  }

  private static Bytes data(Bytes setDigest, int index) {
    return Bytes.concat(setDigest, Bytes.of(new byte[] {(byte) index}));
  }

  /**
   * Checks what came out of the seal, which is erased in any case.
   *
   * @throws RefusalException with {@link ShareRefusal#ALTERED}
   */
  static OpenedShare check(ShareFile file, Secret content) {
    try (content) {
      boolean shaped =
          content.length() == WHOLE
              && SecretBytes.reveal(content, 0, SHARE_AT)
                  .equals(Bytes.of(new byte[] {VERSION, (byte) file.index()}));
      if (!shaped || !SecretBytes.reveal(content, DIGEST_AT, WHOLE).equals(file.setDigest())) {
        throw altered("the share was sealed with another manifest, other keys or another number");
      }
      Secret share = SecretBytes.slice(content, SHARE_AT, DIGEST_AT);
      if (!commitment(file.manifest().setId(), file.index(), share)
          .equals(file.holder().commitment())) {
        share.close();
        throw altered("the share is not the one that the manifest commits to");
      }
      return new OpenedShare(file, share);
    }
  }

  /** Where it comes from. */
  public ShareFile file() {
    return file;
  }

  Secret share() {
    return share;
  }

  /** The same share file, sealed to a session's X25519 key for that session only. */
  public ShareFile sealedTo(Bytes sessionKey, Bytes sessionId) {
    try (Secret content = content(file.index(), share, file.setDigest())) {
      return file.with(
          new SealedShare(
              SealedShare.Kind.SESSION,
              HpkeSealing.toX25519(sessionKey, forSession(sessionId, file), content)));
    }
  }

  /**
   * Opens a share that was sealed to a session.
   *
   * @throws RefusalException with a {@link ShareRefusal}
   */
  public static OpenedShare ofSession(Secret sessionKey, Bytes sessionId, ShareFile file) {
    if (!file.isForSession()) {
      throw new RefusalException(
          ShareRefusal.NOT_YOURS,
          "the share is still sealed to its holder; kms backup restore opens it and sends it");
    }
    Bytes sealed = file.sealed().content();
    return check(file, HpkeSealing.withX25519(sessionKey, forSession(sessionId, file), sealed));
  }

  @Override
  public void close() {
    share.close();
  }

  private static RefusalException altered(String text) {
    return new RefusalException(ShareRefusal.ALTERED, text);
  }
}
