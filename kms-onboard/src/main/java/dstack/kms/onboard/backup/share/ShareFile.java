package dstack.kms.onboard.backup.share;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;

/**
 * One share file: everything of the set but the other shares. Public, since the share is sealed.
 *
 * @param manifest what the set is
 * @param payload the encrypted keys
 * @param index whose share it is, from 1
 * @param sealed the share
 */
public record ShareFile(Manifest manifest, Bytes payload, int index, SealedShare sealed) {
  private static final int SHOWN_DIGITS = 16;

  /** The holder's entry in the manifest. */
  public Manifest.Holder holder() {
    return manifest.holders().get(index - 1);
  }

  /** The name under which it is written: number, count and the beginning of the fingerprint. */
  public String name() {
    return "share-"
        + index
        + "-of-"
        + manifest.count()
        + "-"
        + holder().fingerprint().hex().substring(0, SHOWN_DIGITS)
        + ".kmsshare";
  }

  /** The text. */
  public Bytes encode() {
    return ShareText.write(this);
  }

  /**
   * Reads such a text.
   *
   * @throws dstack.kms.core.refusal.RefusalException with {@link ShareRefusal#MALFORMED} unless it
   *     is exactly what {@link #encode} writes
   */
  public static ShareFile decode(Bytes text) {
    return ShareText.read(text);
  }

  /** Whether the share is sealed to a session and not to its holder. */
  public boolean isForSession() {
    return sealed.kind() == SealedShare.Kind.SESSION;
  }

  /** A digest of manifest and encrypted keys: equal for all shares of one set. */
  public Bytes setDigest() {
    return setDigest(manifest, payload);
  }

  static Bytes setDigest(Manifest manifest, Bytes payload) {
    return Digests.sha256(Digests.sha256(manifest.encode()), Digests.sha256(payload));
  }

  ShareFile with(SealedShare other) {
    return new ShareFile(manifest, payload, index, other);
  }
}
