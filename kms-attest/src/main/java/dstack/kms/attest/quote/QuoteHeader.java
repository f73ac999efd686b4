package dstack.kms.attest.quote;

import dstack.kms.core.bytes.Bytes;

/**
 * The first 48 bytes of a quote (specification 11 §1).
 *
 * @param version 3, 4 or 5
 * @param attestationKeyType 2 is ECDSA with P-256; other values parse
 * @param teeType the number as it stands there, see {@link TeeType}
 * @param qeSvn reserved since version 4
 * @param pceSvn reserved since version 4
 * @param qeVendorId 16 bytes
 * @param userData 20 bytes, the first 16 are the identifier of the quoting enclave
 */
public record QuoteHeader(
    int version,
    int attestationKeyType,
    long teeType,
    int qeSvn,
    int pceSvn,
    Bytes qeVendorId,
    Bytes userData) {
  /** Length in bytes. */
  public static final int LENGTH = 48;

  static QuoteHeader read(QuoteReader in) {
    return new QuoteHeader(
        in.u16(), in.u16(), in.u32(), in.u16(), in.u16(), in.bytes(16), in.bytes(20));
  }

  /** The identifier of the quoting enclave on its platform, 16 bytes. */
  public Bytes qeId() {
    return userData.slice(0, 16);
  }
}
