package dstack.kms.sim.container;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.msgpack.MsgPackWriter;
import java.util.List;

/** The encoding V1 (specification 10 §3). */
final class MsgPackContainer {
  private final MsgPackWriter pack = new MsgPackWriter();

  private MsgPackContainer() {}

  static Bytes of(
      PlatformEvidence evidence,
      List<RuntimeEvent> runtimeEvents,
      Bytes reportData,
      String config) {
    MsgPackContainer container = new MsgPackContainer();
    MsgPackWriter pack = container.pack.writeMapHeader(3);
    pack.writeString("version").writeInteger(1);
    pack.writeString("platform").writeMapHeader(2);
    container.evidence(evidence);
    pack.writeString("stack").writeMapHeader(2).writeString("kind").writeString("dstack");
    pack.writeString("data").writeMapHeader(3);
    pack.writeString("report_data").writeBytesAsArray(reportData);
    pack.writeString("runtime_events").writeArrayHeader(runtimeEvents.size());
    runtimeEvents.forEach(container::runtime);
    return pack.writeString("config").writeString(config).toBytes();
  }

  private void evidence(PlatformEvidence evidence) {
    switch (evidence) {
      case PlatformEvidence.Tdx(Bytes quote, List<LoggedEvent> log) -> tdx("tdx", 2, quote, log);
      case PlatformEvidence.GcpTdx(Bytes quote, List<LoggedEvent> log, TpmQuoteContent tpm) -> {
        tdx("gcp-tdx", 3, quote, log);
        tpm(tpm);
      }
      case PlatformEvidence.Nitro(Bytes document) -> {
        kind("nitro-enclave", 1);
        pack.writeString("nsm_quote").writeBytesAsArray(document);
      }
      case PlatformEvidence.NitroTpm(Bytes document) -> {
        kind("aws-nitro-tpm", 1);
        pack.writeString("attestation_doc").writeBytesAsArray(document);
      }
      case PlatformEvidence.SevSnp(Bytes report, List<Bytes> chain, String mrConfig) -> {
        kind("sev-snp", 3);
        pack.writeString("report").writeBytesAsArray(report);
        pack.writeString("cert_chain").writeArrayHeader(chain.size());
        chain.forEach(pack::writeBytesAsArray);
        pack.writeString("mr_config").writeString(mrConfig);
      }
    }
  }

  private void kind(String name, int fields) {
    pack.writeString("kind").writeString(name).writeString("data").writeMapHeader(fields);
  }

  private void tdx(String name, int fields, Bytes quote, List<LoggedEvent> log) {
    kind(name, fields);
    pack.writeString("quote").writeBytesAsArray(quote);
    pack.writeString("event_log").writeArrayHeader(log.size());
    log.forEach(this::logged);
  }

  private void tpm(TpmQuoteContent tpm) {
    pack.writeString("tpm_quote").writeMapHeader(6);
    pack.writeString("message").writeBinary(tpm.message());
    pack.writeString("signature").writeBinary(tpm.signature());
    pack.writeString("pcr_values").writeArrayHeader(tpm.values().size());
    for (TpmQuoteContent.Value value : tpm.values()) {
      pack.writeMapHeader(3).writeString("index").writeInteger(value.register());
      pack.writeString("algorithm").writeString(value.algorithm());
      pack.writeString("value").writeBinary(value.value());
    }
    pack.writeString("ak_cert").writeBinary(tpm.certificate());
    pack.writeString("platform").writeString(tpm.maker().wireName());
    pack.writeString("event_log").writeArrayHeader(tpm.log().size());
    for (TpmQuoteContent.Event event : tpm.log()) {
      pack.writeMapHeader(2).writeString("pcr_index").writeInteger(event.register());
      pack.writeString("digest").writeBinary(event.digest());
    }
  }

  private void logged(LoggedEvent event) {
    boolean versioned = event.version() != 1;
    pack.writeMapHeader(versioned ? 7 : 5);
    pack.writeString("imr").writeInteger(event.register());
    pack.writeString("event_type").writeInteger(Integer.toUnsignedLong(event.type()));
    pack.writeString("digest").writeBinary(event.digest());
    pack.writeString("event").writeString(event.name());
    pack.writeString("event_payload").writeBinary(event.payload());
    if (versioned) {
      pack.writeString("version").writeInteger(event.version());
    }
    event.preimage().ifPresent(text -> pack.writeString("preimage").writeString(text.hex()));
  }

  private void runtime(RuntimeEvent event) {
    boolean versioned = event.version() != 1;
    pack.writeMapHeader(versioned ? 3 : 2);
    pack.writeString("event").writeString(event.name());
    pack.writeString("payload").writeBinary(event.payload());
    if (versioned) {
      pack.writeString("version").writeInteger(event.version());
    }
  }
}
