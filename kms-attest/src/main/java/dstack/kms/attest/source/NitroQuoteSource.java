package dstack.kms.attest.source;

import dstack.kms.attest.device.nsm.NsmDevice;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.NitroEnclaveEvidence;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import java.util.List;
import java.util.Optional;

/**
 * Evidence of a Nitro enclave from its security module (specification 15 §3–§6). The image's hash
 * is sent as configuration; the app id is the operator's word, which only the image's hash bears
 * out.
 */
public final class NitroQuoteSource implements QuoteSource {
  private final NsmDevice module;
  private final RuntimeEvents events;

  /** A source that claims this app id, if any. */
  public NitroQuoteSource(NsmDevice module, Optional<Bytes> appId) {
    this.module = module;
    events =
        new RuntimeEvents(
            appId.map(id -> List.of(RuntimeEvent.v1("app-id", id))).orElse(List.of()));
  }

  @Override
  public Bytes attest(ReportData reportData) {
    Bytes document = module.attestation(reportData);
    EnclaveDocument read = EnclaveDocument.parse(document);
    read.requireAbout(reportData);
    String config = "{\"os_image_hash\":\"" + read.imageHash() + "\"}";
    return new MadeAttestation(new NitroEnclaveEvidence(document), reportData, events, config)
        .encode();
  }

  /** Empty: what the enclave knows about itself is inside its attestation. */
  @Override
  public String vmConfig() {
    return "";
  }
}
