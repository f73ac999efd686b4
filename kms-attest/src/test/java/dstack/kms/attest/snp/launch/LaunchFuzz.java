package dstack.kms.attest.snp.launch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Optional;

/** Any configuration and any image document are read or refused; nothing else is thrown. */
final class LaunchFuzz {
  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyMrConfig(byte[] input) {
    try {
      MrConfig.parse(Bytes.of(input).utf8Text()).keyProviderInfo();
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void measuresOrRefusesAnyImageDocument(byte[] input) {
    try {
      OsImageMeasurement image = OsImageMeasurement.parse(Bytes.of(input));
      SnpMeasurement stated =
          new SnpMeasurement(Launches.NO_MATERIAL, 1, Optional.of("epyc"), BigInteger.ONE);
      new LaunchMeasurement(LaunchInputs.of(image, stated)).compute();
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyVmConfig(byte[] input) {
    try {
      LaunchVerifier.verify(Bytes.zeros(48), Bytes.zeros(32), Bytes.of(input).utf8Text());
    } catch (RefusalException expected) {
      expected.text();
    }
  }
}
