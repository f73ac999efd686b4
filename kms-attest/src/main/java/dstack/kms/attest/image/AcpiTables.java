package dstack.kms.attest.image;

/** How far the ACPI tables of a guest whose image was verified are known. */
public enum AcpiTables {
  /** They were made anew and are what the guest measured. */
  RECOMPUTED,
  /** Only their digests are known, as the guest measured them; the host chose what they say. */
  AS_MEASURED,
}
