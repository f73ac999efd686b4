package dstack.kms.attest.image.archive;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why an image archive, or a folder made of one, is not an image. */
public enum ArchiveRefusal implements RefusalCode {
  /** Not gzip, not tar, or cut short. */
  MALFORMED("image-archive-malformed", RefusalKind.INVALID),
  /** An entry's name could lead out of the folder, or stands there twice. */
  PATH("image-archive-path", RefusalKind.REFUSED),
  /** An entry is neither a regular file nor a folder. */
  ENTRY("image-archive-entry", RefusalKind.REFUSED),
  /** More entries, bytes or compression than an image has. */
  LIMIT("image-archive-limit", RefusalKind.REFUSED),
  /** {@code sha256sum.txt} is missing or not of the agreed form. */
  MANIFEST("image-manifest", RefusalKind.REFUSED),
  /** A listed file is missing or not what its checksum says. */
  CHECKSUM("image-checksum", RefusalKind.REFUSED),
  /** It is another image. */
  IDENTITY("image-identity", RefusalKind.REFUSED),
  /** {@code metadata.json} is missing or not of the agreed form. */
  METADATA("image-metadata", RefusalKind.REFUSED),
  /** The folder cannot be written or read. */
  FOLDER("image-folder", RefusalKind.UNAVAILABLE);

  private final String code;
  private final RefusalKind kind;

  ArchiveRefusal(String code, RefusalKind kind) {
    this.code = code;
    this.kind = kind;
  }

  RefusalException because(String text) {
    return new RefusalException(this, text);
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return kind;
  }
}
