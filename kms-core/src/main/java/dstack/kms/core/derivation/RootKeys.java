package dstack.kms.core.derivation;

import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.reportdata.ReportData;

/**
 * The two keys that all others hang on; closing erases both.
 *
 * @param ca signs certificates; disk, environment and app CA keys are derived from its scalar
 * @param k256 signs statements for the chain; the app keys are derived from its scalar
 */
public record RootKeys(P256PrivateKey ca, Secp256k1PrivateKey k256) implements AutoCloseable {
  /** What the bootstrap attestation of these keys carries (specification 03 §8). */
  public ReportData bootstrapReportData() {
    return ReportData.ofRootKeys(
        ca.publicKey().subjectPublicKeyInfo(), k256.publicKey().compressed());
  }

  @Override
  public void close() {
    ca.close();
    k256.close();
  }
}
