package dstack.kms.sim.quote;

/** A field of fixed place and length in a report. */
interface ReportField {
  /** Offset from the report's first byte. */
  int offset();

  /** Length in bytes. */
  int length();
}
