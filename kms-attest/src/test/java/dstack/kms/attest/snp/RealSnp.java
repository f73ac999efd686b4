package dstack.kms.attest.snp;

import dstack.kms.attest.evidence.AttestationFile;
import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.platform.Claims;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Real reports, certificates and configurations from the vectors. */
public final class RealSnp {
  /** Inside the validity of the guest's VCEK, 2026-06-17 to 2033-06-17. */
  public static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  /** Inside the validity of the certificate of the report with a debug policy, 2022 to 2029. */
  public static final Instant NOW_DEBUG = Instant.parse("2024-01-01T00:00:00Z");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private RealSnp() {}

  /** With certificates and split measurement document. */
  public static UnverifiedAttestation complete() {
    return AttestationFile.parse(file("sev-snp-attestation.json"));
  }

  /** Without certificates and with the old form of the measurement document. */
  public static UnverifiedAttestation bare() {
    return AttestationFile.parse(file("sev_snp_attestation.bin"));
  }

  public static SevSnpEvidence evidence(UnverifiedAttestation attestation) {
    return (SevSnpEvidence) attestation.evidence();
  }

  public static Claims claims(UnverifiedAttestation attestation) {
    return new Claims(attestation.reportData(), attestation.runtimeEvents(), attestation.config());
  }

  public static Bytes report() {
    return evidence(complete()).report();
  }

  public static Bytes debugReport() {
    return file("milan_debug_policy_report.bin");
  }

  public static Bytes debugVcek() {
    return file("milan_debug_policy_vcek.der");
  }

  public static Bytes milanAsk() {
    return Bytes.of(Vectors.bytes("platforms/roots/amd-milan-ask.pem"));
  }

  public static List<Bytes> debugChain() {
    return List.of(milanAsk(), debugVcek());
  }

  public static ObjectNode vmConfig() {
    return (ObjectNode) JSON.readTree(complete().config());
  }

  public static ObjectNode json(String text) {
    return (ObjectNode) JSON.readTree(text);
  }

  public static Bytes file(String name) {
    return Bytes.of(Vectors.bytes("platforms/snp/" + name));
  }

  public static Bytes xor(Bytes bytes, int offset, int mask) {
    byte[] changed = bytes.toArray();
    changed[offset] ^= (byte) mask;
    return Bytes.of(changed);
  }

  public static Bytes set(Bytes bytes, int offset, byte[] values) {
    byte[] changed = bytes.toArray();
    System.arraycopy(values, 0, changed, offset, values.length);
    return Bytes.of(changed);
  }

  public static Bytes set(Bytes bytes, int offset, int... values) {
    byte[] changed = bytes.toArray();
    for (int i = 0; i < values.length; i++) {
      changed[offset + i] = (byte) values[i];
    }
    return Bytes.of(changed);
  }
}
