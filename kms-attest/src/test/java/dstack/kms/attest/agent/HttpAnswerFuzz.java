package dstack.kms.attest.agent;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.refusal.RefusalException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;

/** Any answer is read or refused; nothing else is thrown. */
final class HttpAnswerFuzz {
  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyAnswer(byte[] input) throws IOException {
    try {
      new HttpAnswerReader(new ByteArrayInputStream(input)).read();
    } catch (RefusalException | EOFException expected) {
      return; // a refusal or an early end is an answer too
    }
  }
}
