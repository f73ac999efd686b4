package dstack.kms.sim.collateral;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;

/** The numbers of the simulated quoting enclave. */
public final class QuotingEnclave {
  /** The SVN that is up to date. */
  public static final int CURRENT_SVN = 6;

  /** The lowest SVN that the QE identity knows; its status is OutOfDate. */
  public static final int OLD_SVN = 5;

  /** The advisory of an old quoting enclave. */
  public static final String OLD_ADVISORY = "SIMULATED-SA-00031";

  /** Who signed it: 32 bytes. */
  public static final Bytes MR_SIGNER =
      Digests.sha256(Bytes.utf8("SIMULATED quoting enclave signer"));

  /** Its measurement: 32 bytes. */
  public static final Bytes MR_ENCLAVE = Digests.sha256(Bytes.utf8("SIMULATED quoting enclave"));

  /** Its attributes: INIT, 64-bit mode, provisioning key; XFRM of the TDX generation. */
  public static final Bytes ATTRIBUTES = Bytes.fromHex("1500000000000000e700000000000000");

  private QuotingEnclave() {}

  /** The product id of the quoting enclave for that kind of report. */
  public static int productId(TeeKind kind) {
    return switch (kind) {
      case SGX -> 1;
      case TDX -> 2;
    };
  }
}
