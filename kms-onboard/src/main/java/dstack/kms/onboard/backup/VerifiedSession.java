package dstack.kms.onboard.backup;

import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.onboard.backup.share.OpenedShare;
import dstack.kms.onboard.backup.share.ShareFile;

/**
 * A restore session whose node was found good; only {@link SessionVerifier} makes one, and only to
 * it a share can be sealed.
 */
public final class VerifiedSession {
  private final Bytes id;
  private final Bytes publicKey;
  private final BootInfo node;

  VerifiedSession(Bytes id, Bytes publicKey, BootInfo node) {
    this.id = id;
    this.publicKey = publicKey;
    this.node = node;
  }

  /** The session's id. */
  public Bytes id() {
    return id;
  }

  /** The node that runs it. */
  public BootInfo node() {
    return node;
  }

  /** The share's file, sealed to this session. */
  public ShareFile sealed(OpenedShare share) {
    return share.sealedTo(publicKey, id);
  }
}
