package dstack.kms.attest.image.store;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why there is no image to verify a guest with. */
public enum ImageStoreRefusal implements RefusalCode {
  /** The image's hash is not of 32 bytes. */
  HASH_LENGTH("image-hash-length", RefusalKind.REFUSED),
  /** The image's server did not send it. */
  DOWNLOAD("image-download-failed", RefusalKind.UNAVAILABLE),
  /** Download and checks together took too long. */
  TIMEOUT("image-download-timeout", RefusalKind.UNAVAILABLE),
  /** Too many images are being downloaded. */
  BUSY("image-download-busy", RefusalKind.UNAVAILABLE),
  /** The image that was sent is another one. */
  OTHER_IMAGE("image-download-other", RefusalKind.REFUSED),
  /** The kept copy is not the image any more. */
  KEPT_COPY("image-cache-tampered", RefusalKind.REFUSED),
  /** The folder of images cannot be used. */
  FOLDER("image-cache-unusable", RefusalKind.UNAVAILABLE);

  private final String code;
  private final RefusalKind kind;

  ImageStoreRefusal(String code, RefusalKind kind) {
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
