package dstack.kms.core.reportdata;

import dstack.kms.core.bytes.Bytes;

/** What report data stands for; the tag goes into the hash (specification 02 §4). */
public enum ReportDataTag {
  RA_TLS_CERT("ratls-cert"),
  APP_DATA("app-data"),
  KMS_ROOT_CA("kms-root-ca"),
  KMS_RESTORE("kms-restore"),
  KMS_SEALED_KEYS("kms-sealed-keys");

  private final String tag;

  ReportDataTag(String tag) {
    this.tag = tag;
  }

  /** The tag as it stands in the preimage, with its colon. */
  Bytes prefix() {
    return Bytes.utf8(tag + ":");
  }
}
