package dstack.kms.onboard.backup.share;

import dstack.kms.core.bytes.Bytes;

/**
 * A share as it lies in a file.
 *
 * @param kind how it is sealed
 * @param content the sealed bytes
 */
record SealedShare(Kind kind, Bytes content) {
  /** The ways to seal, each with the PEM label of its block. */
  enum Kind {
    /** A file of age, opened by {@code age -d} as well. */
    AGE("AGE ENCRYPTED FILE"),
    /** HPKE to a P-256 key. */
    P256("KMS BACKUP SHARE P-256"),
    /** HPKE to the X25519 key of one restore session. */
    SESSION("KMS BACKUP SHARE SESSION");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }
}
