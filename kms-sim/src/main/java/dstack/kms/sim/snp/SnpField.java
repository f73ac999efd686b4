package dstack.kms.sim.snp;

/** The fields of a report that a simulated chip fills (specification 16 §2). */
public enum SnpField {
  VERSION(0x000, 4),
  GUEST_SVN(0x004, 4),
  POLICY(0x008, 8),
  VMPL(0x030, 4),
  SIGNATURE_ALGORITHM(0x034, 4),
  CURRENT_TCB(0x038, 8),
  PLATFORM_INFO(0x040, 8),
  KEY_INFO(0x048, 4),
  RESERVED(0x04c, 4),
  REPORT_DATA(0x050, 64),
  MEASUREMENT(0x090, 48),
  HOST_DATA(0x0c0, 32),
  REPORT_ID(0x140, 32),
  REPORT_ID_MA(0x160, 32),
  REPORTED_TCB(0x180, 8),
  CPU(0x188, 3),
  CHIP_ID(0x1a0, 64),
  COMMITTED_TCB(0x1e0, 8),
  CURRENT_BUILD(0x1e8, 3),
  COMMITTED_BUILD(0x1ec, 3),
  LAUNCH_TCB(0x1f0, 8),
  SIGNATURE(0x2a0, 512);

  private final int offset;
  private final int length;

  SnpField(int offset, int length) {
    this.offset = offset;
    this.length = length;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }
}
