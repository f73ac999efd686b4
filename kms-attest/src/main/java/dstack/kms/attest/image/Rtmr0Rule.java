package dstack.kms.attest.image;

import dstack.kms.attest.image.acpi.AcpiTablesProgram;

/** What is done about RTMR 0 of a guest that is checked against a downloaded image. */
public sealed interface Rtmr0Rule {
  /** The ACPI tables are made anew by a program. */
  record Recomputed(AcpiTablesProgram program) implements Rtmr0Rule {}

  /** The guest's own ACPI digests are taken, as TDX lite does. */
  record MeasuredAcpi() implements Rtmr0Rule {}

  /** Such guests are refused. */
  record Refused() implements Rtmr0Rule {}
}
