package dstack.kms.sim.fault;

import com.google.errorprone.annotations.Immutable;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.snp.SnpField;
import dstack.kms.sim.snp.SnpReportRecipe;
import dstack.kms.sim.snp.SnpTcb;

/** A report that is not what it should be; its certificates are right. */
public enum SnpReportFault implements SimulatedFault {
  OTHER_SIGNATURE(report -> report.editLast(raw -> turnedOver(raw, 0x2a0))),
  OTHER_SIGNER(SnpReportRecipe::otherSigner),
  MEASUREMENT_ALTERED_AFTER_SIGNING(report -> report.editLast(raw -> turnedOver(raw, 0x90))),
  REPORT_DATA_ALTERED_AFTER_SIGNING(report -> report.editLast(raw -> turnedOver(raw, 0x50))),
  TRUNCATED(report -> report.editLast(raw -> raw.slice(0, raw.length() - 1))),
  TRAILING_BYTE(report -> report.editLast(raw -> Bytes.concat(raw, Bytes.zeros(1)))),
  UNKNOWN_VERSION(report -> report.number(SnpField.VERSION, 6)),
  UNKNOWN_PROCESSOR(report -> report.set(SnpField.CPU, Bytes.fromHex("17fe01"))),
  RESERVED_BYTE(report -> report.number(SnpField.RESERVED, 1)),
  UNUSED_TCB_BYTE(report -> report.number(SnpField.REPORTED_TCB, withUnusedByte(report))),
  ANOTHER_SIGNATURE_ALGORITHM(report -> report.number(SnpField.SIGNATURE_ALGORITHM, 2)),
  FROM_ANOTHER_PRIVILEGE_LEVEL(report -> report.number(SnpField.VMPL, 1)),
  DEBUG(report -> report.number(SnpField.POLICY, 0xb0000)),
  WITH_MIGRATION_AGENT(report -> report.number(SnpField.POLICY, 0x70000)),
  POLICY_WITHOUT_RESERVED_BIT(report -> report.number(SnpField.POLICY, 0x10000)),
  CHIP_KEY_MASKED(report -> report.number(SnpField.KEY_INFO, 2)),
  SIGNED_BY_VLEK(report -> report.number(SnpField.KEY_INFO, 1 << 2)),
  SMT_NOT_ALLOWED(report -> report.number(SnpField.POLICY, 0x20000)),
  RAPL_NOT_DISABLED(report -> report.number(SnpField.POLICY, 0x830000)),
  CIPHERTEXT_NOT_HIDDEN(report -> report.number(SnpField.POLICY, 0x1030000)),
  OTHER_REPORT_DATA(report -> report.set(SnpField.REPORT_DATA, Bytes.fromHex("ab".repeat(64)))),
  OTHER_HOST_DATA(report -> report.set(SnpField.HOST_DATA, Bytes.fromHex("ab".repeat(32)))),
  OTHER_MEASUREMENT(report -> report.set(SnpField.MEASUREMENT, Bytes.fromHex("ab".repeat(48)))),
  OTHER_CHIP(report -> report.set(SnpField.CHIP_ID, Bytes.fromHex("ab".repeat(64)))),
  NEWER_REPORTED_TCB(report -> report.tcb(SnpField.REPORTED_TCB, newer()));

  /** Changes a report before or after it is signed. */
  @Immutable
  private interface Edit {
    void apply(SnpReportRecipe report);
  }

  private final Edit edit;

  SnpReportFault(Edit edit) {
    this.edit = edit;
  }

  /** Changes what the report says. */
  public void applyTo(SnpReportRecipe report) {
    edit.apply(report);
  }

  private static SnpTcb newer() {
    return SnpTcb.CURRENT.withSnp(SnpTcb.CURRENT.snp() + 1);
  }

  /** The fifth byte means nothing in any product. */
  private static long withUnusedByte(SnpReportRecipe report) {
    Bytes tcb = report.get(SnpField.REPORTED_TCB);
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | tcb.at(i);
    }
    return value | 1L << 32;
  }

  private static Bytes turnedOver(Bytes raw, int offset) {
    byte[] changed = raw.toArray();
    changed[offset] ^= 1;
    return Bytes.of(changed);
  }
}
