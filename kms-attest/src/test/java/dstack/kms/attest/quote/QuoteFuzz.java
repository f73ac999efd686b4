package dstack.kms.attest.quote;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** Whatever the bytes are, a quote comes out or a refusal. */
class QuoteFuzz {
  @FuzzTest
  void parsesOrRefuses(byte[] input) {
    try {
      UnverifiedQuote quote = UnverifiedQuote.parse(Bytes.of(input));
      EncryptedPpid.of(quote.signatureData().certification());
    } catch (RefusalException refusal) {
      return;
    }
  }
}
