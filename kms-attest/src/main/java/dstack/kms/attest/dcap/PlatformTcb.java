package dstack.kms.attest.dcap;

import dstack.kms.attest.quote.QuoteReport;
import dstack.kms.attest.quote.SgxReport;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.TeeType;
import dstack.kms.attest.x509.PckExtension;
import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/**
 * Steps 13 and 14: which TCB level the platform reaches, and which the TDX module.
 *
 * @param level the verdict of the platform's level alone
 * @param module the verdict on the TDX module, if the TCB info has one to give
 */
record PlatformTcb(TcbVerdict level, Optional<TcbVerdict> module) {
  private static final int COMPONENTS = 16;

  static PlatformTcb require(
      TcbInfo tcbInfo, TeeType tee, QuoteReport report, PckExtension platform) {
    requireSamePlatforms(tcbInfo, tee, platform);
    for (TcbInfo.TcbLevel level : tcbInfo.tcbLevels()) {
      if (reaches(level, report, platform)) {
        return new PlatformTcb(level.verdict(), module(tcbInfo, report));
      }
    }
    throw DcapRefusal.TCB_LEVEL.refuse("No matching TCB level found");
  }

  /** The verdict on platform and module together. */
  TcbVerdict verdict() {
    return module.map(level::mergedWith).orElse(level);
  }

  /** That the document is for such a platform at all. */
  static void requireSamePlatforms(TcbInfo tcbInfo, TeeType tee, Bytes fmspc) {
    Bytes expected =
        Hex.decode(tcbInfo.fmspc())
            .orElseThrow(() -> DcapRefusal.TCB_INFO_MISMATCH.refuse("Failed to decode TCB FMSPC"));
    if (!expected.equals(fmspc)) {
      throw DcapRefusal.TCB_INFO_MISMATCH.refuse("Fmspc mismatch");
    }
    boolean sameTee =
        switch (tee) {
          case TDX -> tcbInfo.isForTdx();
          case SGX -> tcbInfo.isForSgx();
        };
    if (!sameTee) {
      throw DcapRefusal.TCB_INFO_MISMATCH.refuseWith(
          "%s quote with non-%s TCB info in the collateral", tee, tee);
    }
  }

  private static void requireSamePlatforms(TcbInfo tcbInfo, TeeType tee, PckExtension platform) {
    requireSamePlatforms(tcbInfo, tee, platform.fmspc());
    // The original looks at neither of these two.
    if (!Hex.decode(tcbInfo.pceId()).equals(Optional.of(platform.pceId()))) {
      throw DcapRefusal.TCB_INFO_MISMATCH.refuse("PceId mismatch");
    }
    if (tcbInfo.tcbType() != 0) {
      throw DcapRefusal.TCB_INFO_MISMATCH.refuse("Unsupported TCB type: " + tcbInfo.tcbType());
    }
  }

  private static boolean reaches(
      TcbInfo.TcbLevel level, QuoteReport report, PckExtension platform) {
    if (platform.pceSvn() < level.pceSvn()
        || !reaches(platform.cpuSvn(), level.sgxComponents(), "SGX")) {
      return false;
    }
    return switch (report) {
      case SgxReport sgx -> true;
      case TdReport td -> reaches(td.teeTcbSvn(), level.tdxComponents(), "TDX");
    };
  }

  private static boolean reaches(Bytes actual, Bytes required, String kind) {
    if (required.length() != COMPONENTS) {
      throw DcapRefusal.TCB_LEVEL.refuseWith(
          "%s component count mismatch: expected %d, got %d", kind, COMPONENTS, required.length());
    }
    for (int i = 0; i < COMPONENTS; i++) {
      if (actual.at(i) < required.at(i)) {
        return false;
      }
    }
    return true;
  }

  private static Optional<TcbVerdict> module(TcbInfo tcbInfo, QuoteReport report) {
    return switch (report) {
      case SgxReport sgx -> Optional.empty();
      case TdReport td -> TdxModuleTcb.require(tcbInfo, td);
    };
  }
}
