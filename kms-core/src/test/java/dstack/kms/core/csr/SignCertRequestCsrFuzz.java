package dstack.kms.core.csr;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

class SignCertRequestCsrFuzz {
  /** What is taken is its own only encoding: writing it again gives the same bytes. */
  @FuzzTest
  void anyInputIsCanonicalOrRefused(byte[] input) {
    for (int version = 1; version <= 2; version++) {
      try {
        SignCertRequestCsr csr = SignCertRequestCsr.parse(version, Bytes.of(input));
        Bytes again = written(csr);
        // The writer has one confirm word; whatever stood there, the rest must be the same.
        assertThat(tail(Bytes.of(input), csr.publicKey())).isEqualTo(tail(again, csr.publicKey()));
      } catch (RefusalException e) {
        assertThat(e.text()).startsWith("Failed to parse csr: ");
      }
    }
  }

  private static Bytes written(SignCertRequestCsr csr) {
    return switch (csr.evidence()) {
      case CsrEvidence.Attestation attestation ->
          CsrWriter.version2(csr.publicKey(), csr.config(), attestation.encoded());
      case CsrEvidence.QuoteAndEventLog pair ->
          CsrWriter.version1(csr.publicKey(), csr.config(), pair.quote(), pair.eventLog());
    };
  }

  private static Bytes tail(Bytes csr, Bytes publicKey) {
    dstack.kms.core.scale.ScaleReader reader = new dstack.kms.core.scale.ScaleReader(csr);
    assertThat(reader.readString(4096)).isNotNull();
    assertThat(reader.readBytes(4096)).isEqualTo(publicKey);
    return reader.readRest();
  }
}
