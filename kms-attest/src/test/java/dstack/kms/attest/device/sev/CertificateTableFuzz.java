package dstack.kms.attest.device.sev;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;

/** Any buffer gives a table or nothing; nothing is thrown. */
final class CertificateTableFuzz {
  @FuzzTest(maxDuration = "20s")
  void takesAnyBuffer(byte[] input) {
    Bytes table = CertificateTable.in(Bytes.of(input));
    if (table.length() > input.length) {
      throw new AssertionError("longer than the buffer");
    }
  }
}
