package dstack.kms.attest.dcap;

import dstack.kms.attest.quote.TdReport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;

/** Step 14: the TDX module is the one that the TCB info describes. */
final class TdxModuleTcb {
  private TdxModuleTcb() {}

  /** The verdict on the module's release, if the TCB info lists releases of its version. */
  static Optional<TcbVerdict> require(TcbInfo tcbInfo, TdReport report) {
    try {
      return check(tcbInfo, report);
    } catch (RefusalException refusal) {
      throw refusal.within("TDX module identity check");
    }
  }

  private static Optional<TcbVerdict> check(TcbInfo tcbInfo, TdReport report) {
    TcbInfo.TdxModule base =
        tcbInfo.tdxModule().orElseThrow(() -> refusal("TDX TCB Info is missing tdxModule field"));
    Expected expected = Expected.of(base, "tdxModule");
    Optional<TcbInfo.TdxModuleIdentity> identity = identity(tcbInfo, report.teeTcbSvn().at(1));
    if (identity.isPresent()) {
      expected = Expected.of(identity.get().expected(), "tdxModuleIdentity");
    }
    expected.require(report);
    return identity.map(found -> level(found, report.teeTcbSvn().at(0)));
  }

  private static Optional<TcbInfo.TdxModuleIdentity> identity(TcbInfo tcbInfo, int version) {
    if (version == 0 || tcbInfo.tdxModuleIdentities().isEmpty()) {
      return Optional.empty();
    }
    String wanted = "TDX_" + Hex.upper(version);
    return Optional.of(
        tcbInfo.tdxModuleIdentities().stream()
            .filter(identity -> identity.id().equalsIgnoreCase(wanted))
            .findFirst()
            .orElseThrow(
                () -> refusal("No TDX module identity with id " + wanted + " found in TCB Info")));
  }

  private static TcbVerdict level(TcbInfo.TdxModuleIdentity identity, int isvSvn) {
    return identity.tcbLevels().stream()
        .filter(level -> isvSvn >= level.isvSvn())
        .findFirst()
        .map(TcbInfo.SvnLevel::verdict)
        .orElseThrow(
            () ->
                DcapRefusal.TDX_MODULE.refuseWith(
                    "TDX module ISVSVN %d is below minimum required from TDX module TCB levels",
                    isvSvn));
  }

  /** Signer and attributes that the module must have. */
  private record Expected(Bytes mrSigner, Bytes attributes, Bytes mask) {
    static Expected of(TcbInfo.TdxModule module, String name) {
      return new Expected(
          hex(module.mrSigner(), 48, name + ".mrsigner"),
          hex(module.attributes(), 8, name + ".attributes"),
          hex(module.attributesMask(), 8, name + ".attributesMask"));
    }

    void require(TdReport report) {
      if (!report.mrSignerSeam().equals(mrSigner)) {
        throw DcapRefusal.TDX_MODULE.refuseWith(
            "TDX module MRSIGNER mismatch: expected %s, got %s",
            Hex.upper(mrSigner), Hex.upper(report.mrSignerSeam()));
      }
      for (int i = 0; i < attributes.length(); i++) {
        requireAttributes(i, report.seamAttributes().at(i));
      }
    }

    private void requireAttributes(int i, int actual) {
      int wanted = attributes.at(i) & mask.at(i);
      if (wanted != (actual & mask.at(i))) {
        throw DcapRefusal.TDX_MODULE.refuseWith(
            "TDX module SEAMATTRIBUTES mismatch at byte %d: expected %02X (masked), got %02X"
                + " (masked)",
            i, wanted, actual & mask.at(i));
      }
      if ((actual & ~mask.at(i)) != 0) {
        throw refusal("TDX module SEAMATTRIBUTES has bits set outside mask at byte " + i);
      }
    }

    private static Bytes hex(String digits, int length, String name) {
      Bytes bytes =
          Hex.decode(digits).orElseThrow(() -> refusal("Failed to decode " + name + " as hex"));
      if (bytes.length() != length) {
        throw DcapRefusal.TDX_MODULE.refuseWith(
            "%s has invalid length %d, expected %d", name, bytes.length(), length);
      }
      return bytes;
    }
  }

  private static RefusalException refusal(String text) {
    return DcapRefusal.TDX_MODULE.refuse(text);
  }
}
