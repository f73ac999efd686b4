package dstack.kms.core.config;

/** Where the ACPI digests come from with which RTMR 0 of a full-image TDX guest is recomputed. */
public enum Rtmr0Source implements ConfigWord {
  /** From tables that a program makes anew; without the program such guests are refused. */
  RECOMPUTED("recomputed"),
  /** From the guest's own event log, as TDX lite does: what the tables say remains unknown. */
  MEASURED_ACPI("measured-acpi");

  private final String word;

  Rtmr0Source(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
