package dstack.kms.attest.evidence;

import dstack.kms.attest.eventlog.EventLogLimits;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.evidence.TpmQuote.PcrValue;
import dstack.kms.attest.evidence.TpmQuote.TpmEvent;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.scale.ScaleReader;
import dstack.kms.core.scale.ScaleWriter;
import java.util.List;

/** The evidence of the five platforms in SCALE (specification 10 §2). */
final class ScaleEvidence {
  private ScaleEvidence() {}

  static Evidence read(ScaleReader in) {
    int variant = in.readU8();
    return switch (variant) {
      case 0 -> new TdxEvidence(in.readBytes(Limits.BLOB), readEventLog(in));
      case 1 -> new GcpTdxEvidence(in.readBytes(Limits.BLOB), readEventLog(in), readTpmQuote(in));
      case 2 -> new NitroEnclaveEvidence(in.readBytes(Limits.BLOB));
      case 3 ->
          new SevSnpEvidence(
              in.readBytes(Limits.BLOB),
              in.readVec(Limits.CERTIFICATES, () -> in.readBytes(Limits.BLOB)),
              in.readString(Limits.CONFIG));
      case 4 -> new NitroTpmEvidence(in.readBytes(Limits.BLOB));
      default -> throw malformed("unknown platform " + variant);
    };
  }

  static void write(ScaleWriter out, Evidence evidence) {
    switch (evidence) {
      case TdxEvidence(Bytes quote, List<TdxEvent> log) -> {
        out.writeU8(0).writeBytes(quote);
        writeEventLog(out, log);
      }
      case GcpTdxEvidence(Bytes quote, List<TdxEvent> log, TpmQuote tpmQuote) -> {
        out.writeU8(1).writeBytes(quote);
        writeEventLog(out, log);
        writeTpmQuote(out, tpmQuote);
      }
      case NitroEnclaveEvidence(Bytes nsmQuote) -> out.writeU8(2).writeBytes(nsmQuote);
      case SevSnpEvidence(Bytes report, List<Bytes> chain, String mrConfig) ->
          out.writeU8(3).writeBytes(report).writeVec(chain, out::writeBytes).writeString(mrConfig);
      case NitroTpmEvidence(Bytes document) -> out.writeU8(4).writeBytes(document);
    }
  }

  private static List<TdxEvent> readEventLog(ScaleReader in) {
    return in.readVec(
        EventLogLimits.MAX_EVENTS,
        () ->
            TdxEvent.v1(
                in.readU32(),
                in.readU32(),
                in.readBytes(EventLogLimits.MAX_DIGEST),
                in.readString(EventLogLimits.MAX_NAME),
                in.readBytes(EventLogLimits.MAX_PAYLOAD)));
  }

  private static void writeEventLog(ScaleWriter out, List<TdxEvent> log) {
    out.writeVec(
        log,
        event ->
            out.writeU32(event.imr())
                .writeU32(event.eventType())
                .writeBytes(event.digest())
                .writeString(event.name())
                .writeBytes(event.payload()));
  }

  private static TpmQuote readTpmQuote(ScaleReader in) {
    return new TpmQuote(
        in.readBytes(Limits.BLOB),
        in.readBytes(Limits.BLOB),
        in.readVec(Limits.PCR_VALUES, () -> readPcrValue(in)),
        in.readBytes(Limits.BLOB),
        TpmPlatform.ofNumber(in.readU8()).orElseThrow(() -> malformed("unknown TPM platform")),
        in.readVec(
            EventLogLimits.MAX_EVENTS,
            () -> new TpmEvent(in.readU32(), in.readBytes(EventLogLimits.MAX_DIGEST))));
  }

  private static PcrValue readPcrValue(ScaleReader in) {
    return new PcrValue(
        in.readU32(), in.readString(Limits.SHORT_NAME), in.readBytes(EventLogLimits.MAX_DIGEST));
  }

  private static void writeTpmQuote(ScaleWriter out, TpmQuote quote) {
    out.writeBytes(quote.message()).writeBytes(quote.signature());
    out.writeVec(
        quote.pcrValues(),
        pcr -> out.writeU32(pcr.index()).writeString(pcr.algorithm()).writeBytes(pcr.value()));
    out.writeBytes(quote.akCert()).writeU8(quote.platform().number());
    out.writeVec(
        quote.eventLog(), event -> out.writeU32(event.pcrIndex()).writeBytes(event.digest()));
  }

  private static RefusalException malformed(String text) {
    return new RefusalException(EvidenceRefusal.ATTESTATION_MALFORMED, text);
  }
}
