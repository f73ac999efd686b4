package dstack.kms.attest.evidence;

import dstack.kms.attest.eventlog.EventLogLimits;
import dstack.kms.attest.eventlog.EventLogVersion;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.msgpack.MsgPackReader;
import dstack.kms.core.msgpack.MsgPackWriter;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;

/** The evidence of the five platforms in MessagePack (specification 10 §3). */
final class MsgPackEvidence {
  private MsgPackEvidence() {}

  static Evidence read(MsgPackTagged platform) {
    MsgPackFields data = MsgPackFields.of(platform.data());
    return switch (platform.kind()) {
      case "tdx" -> new TdxEvidence(blob(data, "quote"), readEventLog(data));
      case "gcp-tdx" ->
          new GcpTdxEvidence(
              blob(data, "quote"),
              readEventLog(data),
              MsgPackTpmQuote.read(MsgPackFields.of(data.raw("tpm_quote"))));
      case "nitro-enclave" -> new NitroEnclaveEvidence(blob(data, "nsm_quote"));
      case "aws-nitro-tpm" -> new NitroTpmEvidence(blob(data, "attestation_doc"));
      case "sev-snp" ->
          new SevSnpEvidence(
              blob(data, "report"),
              data.get("cert_chain", r -> MsgPackList.ofBytes(r, Limits.CERTIFICATES, Limits.BLOB)),
              data.get("mr_config", r -> r.readString(Limits.CONFIG)));
      default ->
          throw new RefusalException(
              EvidenceRefusal.ATTESTATION_MALFORMED, "unknown variant `" + platform.kind() + "`");
    };
  }

  static void write(MsgPackWriter out, Evidence evidence) {
    switch (evidence) {
      case TdxEvidence(Bytes quote, List<TdxEvent> log) -> {
        blob(data(out, "tdx", 2), "quote", quote);
        writeEventLog(out, log);
      }
      case GcpTdxEvidence(Bytes quote, List<TdxEvent> log, TpmQuote tpmQuote) -> {
        blob(data(out, "gcp-tdx", 3), "quote", quote);
        writeEventLog(out, log);
        MsgPackTpmQuote.write(out.writeString("tpm_quote"), tpmQuote);
      }
      case NitroEnclaveEvidence(Bytes nsmQuote) ->
          blob(data(out, "nitro-enclave", 1), "nsm_quote", nsmQuote);
      case NitroTpmEvidence(Bytes document) ->
          blob(data(out, "aws-nitro-tpm", 1), "attestation_doc", document);
      case SevSnpEvidence(Bytes report, List<Bytes> chain, String mrConfig) -> {
        blob(data(out, "sev-snp", 3), "report", report);
        out.writeString("cert_chain").writeArrayHeader(chain.size());
        chain.forEach(out::writeBytesAsArray);
        out.writeString("mr_config").writeString(mrConfig);
      }
    }
  }

  /** The version of an event, 1 where it is not stated. */
  static EventLogVersion readVersion(MsgPackFields event) {
    return event.getOr(
        "version",
        EventLogVersion.V1,
        r -> EventLogVersion.ofNumber(r.readUnsigned(Limits.U32_MAX)));
  }

  private static List<TdxEvent> readEventLog(MsgPackFields data) {
    return MsgPackList.ofMaps(
        data.raw("event_log"), EventLogLimits.MAX_EVENTS, MsgPackEvidence::readEvent);
  }

  private static TdxEvent readEvent(MsgPackFields event) {
    return new TdxEvent(
        event.get("imr", r -> r.readUnsigned(Limits.U32_MAX)),
        event.get("event_type", r -> r.readUnsigned(Limits.U32_MAX)),
        event.getOr("digest", Bytes.EMPTY, r -> r.readBytesOrString(EventLogLimits.MAX_DIGEST)),
        event.get("event", r -> r.readString(EventLogLimits.MAX_NAME)),
        event.get("event_payload", r -> r.readBytesOrString(EventLogLimits.MAX_PAYLOAD)),
        readVersion(event),
        event.getOr("preimage", Optional.<String>empty(), MsgPackEvidence::readPreimage));
  }

  private static Optional<String> readPreimage(MsgPackReader in) {
    return in.readNilIfPresent()
        ? Optional.empty()
        : Optional.of(in.readString(EventLogLimits.MAX_PREIMAGE));
  }

  private static void writeEventLog(MsgPackWriter out, List<TdxEvent> log) {
    out.writeString("event_log").writeArrayHeader(log.size());
    log.forEach(event -> writeEvent(out, event));
  }

  private static void writeEvent(MsgPackWriter out, TdxEvent event) {
    boolean versioned = event.version() != EventLogVersion.V1;
    out.writeMapHeader(5 + (versioned ? 1 : 0) + (event.preimage().isPresent() ? 1 : 0));
    out.writeString("imr").writeInteger(event.imr());
    out.writeString("event_type").writeInteger(event.eventType());
    out.writeString("digest").writeBinary(event.digest());
    out.writeString("event").writeString(event.name());
    out.writeString("event_payload").writeBinary(event.payload());
    if (versioned) {
      out.writeString("version").writeInteger(event.version().number());
    }
    event.preimage().ifPresent(text -> out.writeString("preimage").writeString(text));
  }

  private static MsgPackWriter data(MsgPackWriter out, String kind, int members) {
    out.writeMapHeader(2).writeString("kind").writeString(kind);
    return out.writeString("data").writeMapHeader(members);
  }

  private static Bytes blob(MsgPackFields data, String name) {
    return data.get(name, r -> r.readBytesLenient(Limits.BLOB));
  }

  private static void blob(MsgPackWriter out, String name, Bytes value) {
    out.writeString(name).writeBytesAsArray(value);
  }
}
