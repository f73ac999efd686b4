package dstack.kms.attest.appinfo;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.refusal.RefusalException;

/** Any text is a configuration or is refused; nothing else is thrown. */
final class VmConfigFuzz {
  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyText(FuzzedDataProvider data) {
    String external = data.consumeString(2000);
    try {
      VmConfig.resolveNested(external, data.consumeRemainingAsString());
    } catch (RefusalException expected) {
      expected.text();
    }
  }
}
