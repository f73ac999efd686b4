package dstack.kms.attest.x509;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.forged.PckParts;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.charset.StandardCharsets;

/** Whatever the bytes are, something strict comes out or a refusal. */
class CertificateFuzz {
  @FuzzTest
  void certificateParsesOrIsRefused(byte[] input) {
    try {
      UnverifiedCertificate certificate = UnverifiedCertificate.parse(Bytes.of(input));
      var _ = certificate.revocationListUri();
    } catch (RefusalException refusal) {
      return;
    }
  }

  @FuzzTest
  void pckExtensionParsesOrIsRefused(byte[] input) {
    try {
      Certs leaf = Certs.leaf("pck", "authority").with(PckParts.OID, false, Bytes.of(input));
      var _ = PckExtension.of(UnverifiedCertificate.parse(leaf.der()));
    } catch (RefusalException refusal) {
      return;
    }
  }

  @FuzzTest
  void revocationListParsesOrIsRefused(byte[] input) {
    try {
      var _ = RevocationList.parse(Bytes.of(input));
    } catch (RefusalException refusal) {
      return;
    }
  }

  @FuzzTest
  void chainSplitsOrIsRefused(byte[] input) {
    try {
      var _ = PemChain.split(new String(input, StandardCharsets.ISO_8859_1));
    } catch (RefusalException refusal) {
      return;
    }
  }
}
