package dstack.kms.client.testing;

/** What a test's KMS shows as its certificate. */
public enum ServerKind {
  /** Under its root, with evidence. */
  ORDINARY,
  /** Under its root, without evidence. */
  WITHOUT_EVIDENCE,
  /** Under its root, with evidence over another key. */
  BORROWED_EVIDENCE,
  /** Under its root, over since 2020. */
  EXPIRED,
  /** Under its root, for another host. */
  OTHER_HOST,
  /** What applications get from SignCert, under the same root. */
  APPLICATION,
}
