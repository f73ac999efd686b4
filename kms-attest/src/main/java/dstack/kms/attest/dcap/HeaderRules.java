package dstack.kms.attest.dcap;

import dstack.kms.attest.quote.QuoteHeader;
import dstack.kms.attest.quote.TeeType;
import dstack.kms.core.bytes.Bytes;

/** Step 4: what the header of a quote may say. */
final class HeaderRules {
  private static final Bytes INTEL_QE_VENDOR = Bytes.fromHex("939a7233f79c4ca9940a0db3957f0607");
  private static final int ECDSA_P256 = 2;

  private HeaderRules() {}

  /** The kind of environment, if everything in the header is supported. */
  static TeeType require(QuoteHeader header) {
    if (header.version() < 3 || header.version() > 5) {
      throw DcapRefusal.HEADER.refuse("Unsupported DCAP quote version");
    }
    if (!header.qeVendorId().equals(INTEL_QE_VENDOR)) {
      throw DcapRefusal.HEADER.refuse("Unknown QE vendor ID");
    }
    TeeType tee =
        TeeType.of(header.teeType())
            .orElseThrow(
                () -> DcapRefusal.HEADER.refuse("Unsupported TEE type: " + header.teeType()));
    requireVersion(tee, header.version());
    if (header.attestationKeyType() != ECDSA_P256) {
      throw DcapRefusal.HEADER.refuse("Unsupported DCAP attestation key type");
    }
    return tee;
  }

  private static void requireVersion(TeeType tee, int version) {
    switch (tee) {
      case SGX -> {
        if (version != 3) {
          throw DcapRefusal.HEADER.refuse("SGX TEE quote must have version 3");
        }
      }
      case TDX -> {
        if (version < 4) {
          throw DcapRefusal.HEADER.refuse("TDX TEE quote must have version 4 or 5");
        }
      }
    }
  }
}
