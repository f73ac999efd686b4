package dstack.kms.sim.quote;

import dstack.kms.core.bytes.Bytes;

/** The layouts of a quote that are known (specification 11 §1–2). */
public enum QuoteLayout {
  V3_SGX(3, 0x00, 0),
  V4_TDX(4, 0x81, 0),
  V5_TD10(5, 0x81, 2),
  V5_TD15(5, 0x81, 3);

  private final int version;
  private final int teeType;
  private final int bodyType;

  QuoteLayout(int version, int teeType, int bodyType) {
    this.version = version;
    this.teeType = teeType;
    this.bodyType = bodyType;
  }

  int version() {
    return version;
  }

  int teeType() {
    return teeType;
  }

  /** What stands between header and body: type and size in version 5, nothing before. */
  Bytes bodyPrefix(int bodyLength) {
    return bodyType == 0
        ? Bytes.EMPTY
        : Bytes.concat(LittleEndian.u16(bodyType), LittleEndian.u32(bodyLength));
  }

  /** Whether the QE's part is wrapped in certification data of its own, as from version 4 on. */
  boolean wrapsQeReport() {
    return version >= 4;
  }
}
