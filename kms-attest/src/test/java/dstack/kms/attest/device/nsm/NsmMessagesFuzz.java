package dstack.kms.attest.device.nsm;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** Any answer is read or refused with a code of the devices; nothing else is thrown. */
final class NsmMessagesFuzz {
  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyAnswer(byte[] input) {
    try {
      NsmMessages.document(Bytes.of(input));
      NsmMessages.description(Bytes.of(input));
    } catch (RefusalException e) {
      if (!(e.code() instanceof DeviceRefusal)) {
        throw e;
      }
    }
  }
}
