package dstack.kms.attest.material;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why measurement material does not belong to an image. */
public enum MaterialRefusal implements RefusalCode {
  /** The checksum file is not the one that the image hash names. */
  IMAGE_HASH("image-material-hash"),
  /** The checksum file is not of the agreed form, or does not name the document once. */
  CHECKSUM_FILE("image-checksum-file"),
  /** The document is not the one that the checksum file lists. */
  DOCUMENT("image-material-document");

  private final String code;

  MaterialRefusal(String code) {
    this.code = code;
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
    return RefusalKind.REFUSED;
  }
}
