package dstack.kms.attest.image.acpi;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why the ACPI data of a machine cannot be made anew. */
public enum AcpiRefusal implements RefusalCode {
  /** The stated machine is none for which tables are made. */
  MACHINE("acpi-machine", RefusalKind.REFUSED),
  /** The program did not end well or not in time, or was busy for too long. */
  PROGRAM("acpi-program-failed", RefusalKind.UNAVAILABLE),
  /** What the program wrote is no list of ACPI tables. */
  TABLES("acpi-tables-malformed", RefusalKind.UNAVAILABLE);

  private final String code;
  private final RefusalKind kind;

  AcpiRefusal(String code, RefusalKind kind) {
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
