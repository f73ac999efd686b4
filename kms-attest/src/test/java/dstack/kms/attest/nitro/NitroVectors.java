package dstack.kms.attest.nitro;

import dstack.kms.attest.evidence.NitroEnclaveEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.platform.Claims;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import java.time.Instant;

/** The real documents, and the moments at which they were made. */
final class NitroVectors {
  static final Instant PROD_MADE = Instant.ofEpochMilli(1_766_678_659_346L);
  static final Instant DEBUG_2022_MADE = Instant.ofEpochMilli(1_665_582_606_081L);
  static final Instant VALID_2023_MADE = Instant.ofEpochMilli(1_695_049_410_860L);

  private NitroVectors() {}

  static UnverifiedAttestation prod() {
    return UnverifiedAttestation.decode(bytes("dstack_v0_prod.bin"));
  }

  static Bytes prodCose() {
    return ((NitroEnclaveEvidence) prod().evidence()).nsmQuote();
  }

  static Claims prodClaims() {
    UnverifiedAttestation prod = prod();
    return new Claims(prod.reportData(), prod.runtimeEvents(), prod.config());
  }

  static Bytes debug2022() {
    return bytes("cose_debug_2022.bin");
  }

  static Bytes valid2023() {
    return bytes("cose_valid_b64.bin");
  }

  private static Bytes bytes(String name) {
    return Bytes.of(Vectors.bytes("platforms/nitro/" + name));
  }
}
