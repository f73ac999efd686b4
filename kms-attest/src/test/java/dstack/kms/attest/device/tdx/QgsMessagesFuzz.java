package dstack.kms.attest.device.tdx;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** Any response is read or refused; nothing else is thrown. */
final class QgsMessagesFuzz {
  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyResponse(byte[] input) {
    try {
      QgsMessages.quote(Bytes.of(input));
    } catch (RefusalException expected) {
      return; // a refusal is an answer too
    }
  }
}
