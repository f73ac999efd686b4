package dstack.kms.attest.dcap;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.attest.forged.World;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** Whatever the bytes are, a document or a verdict comes out, or a refusal. */
class DocumentFuzz {
  @FuzzTest
  void tcbInfoParsesOrIsRefused(byte[] input) {
    try {
      var _ = TcbDocuments.tcbInfo(Bytes.of(input).utf8Text());
    } catch (StrictJson.Malformed malformed) {
      return;
    }
  }

  @FuzzTest
  void qeIdentityParsesOrIsRefused(byte[] input) {
    try {
      var _ = TcbDocuments.qeIdentity(Bytes.of(input).utf8Text());
    } catch (StrictJson.Malformed malformed) {
      return;
    }
  }

  @FuzzTest
  void quoteVerifiesOrIsRefused(byte[] input) {
    World world = new World();
    QuoteVerifier verifier =
        new QuoteVerifier(TdxTrustAnchor.external(world.rootDer()), RealData.VERIFIER);
    try {
      var _ = verifier.verify(Bytes.of(input), world.collateral(), World.NOW);
    } catch (RefusalException refusal) {
      return;
    }
  }
}
