package dstack.kms.client.fetch;

/** Who issues the certificate that a plain answer is asked for with; its evidence counts. */
public enum ClientIdentity {
  /** The KMS's temporary CA, which every release takes. */
  TEMP_CA,
  /** Its own key, which releases after August 2026 take as well. */
  SELF_ISSUED,
}
