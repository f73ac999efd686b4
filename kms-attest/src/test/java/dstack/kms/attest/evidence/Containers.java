package dstack.kms.attest.evidence;

import dstack.kms.attest.eventlog.EventLogVersion;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.evidence.TpmQuote.PcrValue;
import dstack.kms.attest.evidence.TpmQuote.TpmEvent;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import java.util.List;
import java.util.Optional;

/** Attestations for tests: real ones from the vectors and small ones of every platform. */
final class Containers {
  static final RuntimeEvent VERSION_2 =
      new RuntimeEvent("compose-hash", Bytes.fromHex("abcd"), EventLogVersion.V2);

  private Containers() {}

  static Bytes vector(String name) {
    return Bytes.of(Vectors.bytes(name));
  }

  static UnverifiedAttestation dstack() {
    return UnverifiedAttestation.decode(vector("tdx/dstack_attestation_v0.bin"));
  }

  static UnverifiedAttestation v0(Evidence evidence) {
    return new UnverifiedAttestation(
        ContainerVersion.V0,
        evidence,
        Bytes.zeros(64),
        new RuntimeEvents(List.of(RuntimeEvent.v1("app-id", Bytes.fromHex("aa")))),
        "{}",
        Optional.empty());
  }

  static UnverifiedAttestation v1(Bytes reportData, RuntimeEvents events, Optional<String> pod) {
    return new UnverifiedAttestation(
        ContainerVersion.V1,
        new TdxEvidence(Bytes.fromHex("010280"), List.of()),
        reportData,
        events,
        "",
        pod);
  }

  static List<Evidence> everyPlatform() {
    TdxEvent event = TdxEvent.v1(0, 4, Bytes.zeros(48), "é", Bytes.fromHex("00"));
    TpmQuote tpm =
        new TpmQuote(
            Bytes.fromHex("01"),
            Bytes.fromHex("ff02"),
            List.of(new PcrValue(14, "sha256", Bytes.zeros(32))),
            Bytes.fromHex("30"),
            TpmPlatform.GCP,
            List.of(new TpmEvent(4294967295L, Bytes.zeros(32))));
    return List.of(
        new TdxEvidence(Bytes.fromHex("0180ff"), List.of(event)),
        new GcpTdxEvidence(Bytes.zeros(300), List.of(event, event), tpm),
        new NitroEnclaveEvidence(Bytes.fromHex("8444a1")),
        new SevSnpEvidence(
            Bytes.zeros(1184), List.of(Bytes.EMPTY, Bytes.fromHex("30")), "{\"a\":1}"),
        new NitroTpmEvidence(Bytes.EMPTY));
  }
}
