package dstack.kms.attest.eventlog;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/** Any log is read or refused; nothing else is thrown. */
final class EventLogFuzz {
  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyBootLog(byte[] input) {
    try {
      Ccel.parse(Bytes.of(input)).toTdxEvents();
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyJsonLogAndWritesItBack(FuzzedDataProvider data) {
    try {
      List<TdxEvent> log = EventLogJson.parse(data.consumeRemainingAsString());
      if (!EventLogJson.parse(EventLogJson.write(log)).equals(log)) {
        throw new AssertionError("another log after writing");
      }
    } catch (RefusalException expected) {
      expected.text();
    }
  }
}
