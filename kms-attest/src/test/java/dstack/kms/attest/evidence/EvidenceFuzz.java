package dstack.kms.attest.evidence;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;

/** Any bytes are an attestation or are refused; nothing else is thrown. */
final class EvidenceFuzz {
  @FuzzTest(maxDuration = "20s")
  void decodesOrRefusesAnyContainerAndWritesItBack(byte[] input) {
    try {
      UnverifiedAttestation attestation = UnverifiedAttestation.decode(Bytes.of(input));
      UnverifiedAttestation again = UnverifiedAttestation.decode(attestation.encode());
      if (!again.equals(attestation)) {
        throw new AssertionError("another attestation after encoding");
      }
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyFile(byte[] input) {
    try {
      AttestationFile.parse(Bytes.of(input));
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyExtension(byte[] input) {
    try {
      Optional<UnverifiedAttestation> read =
          CertificateEvidence.of(oid -> List.of(Bytes.of(input)));
      read.ifPresent(UnverifiedAttestation::stripped);
    } catch (RefusalException expected) {
      expected.text();
    }
  }
}
