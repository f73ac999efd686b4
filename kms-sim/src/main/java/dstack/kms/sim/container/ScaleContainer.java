package dstack.kms.sim.container;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.scale.ScaleWriter;
import java.util.List;

/** The encoding V0 (specification 10 §2); it has no place for versions and preimages. */
final class ScaleContainer {
  private static final int V0 = 0;

  private final ScaleWriter scale = new ScaleWriter().writeU8(V0);

  private ScaleContainer() {}

  static Bytes of(
      PlatformEvidence evidence,
      List<RuntimeEvent> runtimeEvents,
      Bytes reportData,
      String config) {
    ScaleContainer container = new ScaleContainer();
    container.evidence(evidence);
    container.scale.writeLength(runtimeEvents.size());
    for (RuntimeEvent event : runtimeEvents) {
      container.scale.writeString(event.name()).writeBytes(event.payload());
    }
    return container.scale.writeFixed(reportData).writeString(config).toBytes();
  }

  private void evidence(PlatformEvidence evidence) {
    switch (evidence) {
      case PlatformEvidence.Tdx(Bytes quote, List<LoggedEvent> log) -> tdx(0, quote, log);
      case PlatformEvidence.GcpTdx(Bytes quote, List<LoggedEvent> log, TpmQuoteContent tpm) -> {
        tdx(1, quote, log);
        tpm(tpm);
      }
      case PlatformEvidence.Nitro(Bytes document) -> scale.writeU8(2).writeBytes(document);
      case PlatformEvidence.SevSnp(Bytes report, List<Bytes> chain, String mrConfig) -> {
        scale.writeU8(3).writeBytes(report).writeLength(chain.size());
        chain.forEach(scale::writeBytes);
        scale.writeString(mrConfig);
      }
      case PlatformEvidence.NitroTpm(Bytes document) -> scale.writeU8(4).writeBytes(document);
    }
  }

  private void tdx(int variant, Bytes quote, List<LoggedEvent> log) {
    scale.writeU8(variant).writeBytes(quote).writeLength(log.size());
    for (LoggedEvent event : log) {
      scale.writeU32(event.register()).writeU32(Integer.toUnsignedLong(event.type()));
      scale.writeBytes(event.digest()).writeString(event.name()).writeBytes(event.payload());
    }
  }

  private void tpm(TpmQuoteContent tpm) {
    scale.writeBytes(tpm.message()).writeBytes(tpm.signature()).writeLength(tpm.values().size());
    for (TpmQuoteContent.Value value : tpm.values()) {
      scale.writeU32(value.register()).writeString(value.algorithm()).writeBytes(value.value());
    }
    scale.writeBytes(tpm.certificate()).writeU8(tpm.maker().number());
    scale.writeLength(tpm.log().size());
    for (TpmQuoteContent.Event event : tpm.log()) {
      scale.writeU32(event.register()).writeBytes(event.digest());
    }
  }
}
