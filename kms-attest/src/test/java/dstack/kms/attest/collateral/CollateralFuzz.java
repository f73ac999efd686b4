package dstack.kms.attest.collateral;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** Whatever the bytes are, collateral comes out or a refusal. */
class CollateralFuzz {
  @FuzzTest
  void collateralParsesOrIsRefused(byte[] input) {
    try {
      var _ = Collateral.fromJson(Bytes.of(input).utf8Text());
    } catch (RefusalException refusal) {
      return;
    }
  }

  @FuzzTest
  void signedTextIsCutOrRefused(byte[] input) {
    try {
      var _ = SignedText.cut(Bytes.of(input).utf8Text(), "tcbInfo", "TCB Info");
    } catch (RefusalException refusal) {
      return;
    }
  }
}
