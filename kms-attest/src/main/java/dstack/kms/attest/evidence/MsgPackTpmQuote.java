package dstack.kms.attest.evidence;

import dstack.kms.attest.eventlog.EventLogLimits;
import dstack.kms.attest.evidence.TpmQuote.PcrValue;
import dstack.kms.attest.evidence.TpmQuote.TpmEvent;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.msgpack.MsgPackWriter;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/** A TPM quote in MessagePack (specification 10 §3). */
final class MsgPackTpmQuote {
  private MsgPackTpmQuote() {}

  static TpmQuote read(MsgPackFields quote) {
    return new TpmQuote(
        bytes(quote, "message", Limits.BLOB),
        bytes(quote, "signature", Limits.BLOB),
        MsgPackList.ofMaps(
            quote.raw("pcr_values"), Limits.PCR_VALUES, MsgPackTpmQuote::readPcrValue),
        bytes(quote, "ak_cert", Limits.BLOB),
        platform(quote.get("platform", r -> r.readString(Limits.SHORT_NAME))),
        MsgPackList.ofMaps(
            quote.raw("event_log"), EventLogLimits.MAX_EVENTS, MsgPackTpmQuote::readEvent));
  }

  static void write(MsgPackWriter out, TpmQuote quote) {
    out.writeMapHeader(6);
    out.writeString("message").writeBinary(quote.message());
    out.writeString("signature").writeBinary(quote.signature());
    List<PcrValue> pcrs = quote.pcrValues();
    out.writeString("pcr_values").writeArrayHeader(pcrs.size());
    pcrs.forEach(pcr -> write(out, pcr));
    out.writeString("ak_cert").writeBinary(quote.akCert());
    out.writeString("platform").writeString(quote.platform().wireName());
    out.writeString("event_log").writeArrayHeader(quote.eventLog().size());
    quote.eventLog().forEach(event -> write(out, event));
  }

  private static PcrValue readPcrValue(MsgPackFields pcr) {
    return new PcrValue(
        pcr.get("index", r -> r.readUnsigned(Limits.U32_MAX)),
        pcr.get("algorithm", r -> r.readString(Limits.SHORT_NAME)),
        bytes(pcr, "value", EventLogLimits.MAX_DIGEST));
  }

  private static TpmEvent readEvent(MsgPackFields event) {
    return new TpmEvent(
        event.get("pcr_index", r -> r.readUnsigned(Limits.U32_MAX)),
        bytes(event, "digest", EventLogLimits.MAX_DIGEST));
  }

  private static void write(MsgPackWriter out, PcrValue pcr) {
    out.writeMapHeader(3).writeString("index").writeInteger(pcr.index());
    out.writeString("algorithm").writeString(pcr.algorithm());
    out.writeString("value").writeBinary(pcr.value());
  }

  private static void write(MsgPackWriter out, TpmEvent event) {
    out.writeMapHeader(2).writeString("pcr_index").writeInteger(event.pcrIndex());
    out.writeString("digest").writeBinary(event.digest());
  }

  private static Bytes bytes(MsgPackFields fields, String name, int maxLength) {
    return fields.get(name, r -> r.readBytesOrString(maxLength));
  }

  private static TpmPlatform platform(String name) {
    return TpmPlatform.ofWireName(name)
        .orElseThrow(
            () ->
                new RefusalException(
                    EvidenceRefusal.ATTESTATION_MALFORMED, "unknown variant `" + name + "`"));
  }
}
