package dstack.kms.attest.image.measure;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** Any bytes are measured or refused; nothing else is thrown and nothing runs for ever. */
final class MeasureFuzz {
  private static final MemorySize MEMORY = new MemorySize(1L << 31);

  @FuzzTest(maxDuration = "20s")
  void measuresOrRefusesAnyFirmware(FuzzedDataProvider data) {
    try {
      Tdvf tdvf = Tdvf.parse(Bytes.of(data.consumeRemainingAsBytes()));
      Mrtd.of(tdvf, true);
      TdHob.of(tdvf).digest(MEMORY);
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void patchesOrRefusesAnyKernel(FuzzedDataProvider data) {
    long initrd = data.consumeLong(0, 1L << 33);
    byte[] head = data.consumeRemainingAsBytes();
    byte[] kernel = new byte[Math.max(head.length, 0x1000)];
    System.arraycopy(head, 0, kernel, 0, head.length);
    try {
      Authenticode.sha256(KernelPatch.apply(Bytes.of(kernel), initrd, MEMORY));
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void hashesOrRefusesAnyPeFile(FuzzedDataProvider data) {
    try {
      Authenticode.sha384(Bytes.of(data.consumeRemainingAsBytes()));
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyWitness(FuzzedDataProvider data) {
    try {
      TdHobWitness.parse(Bytes.of(data.consumeRemainingAsBytes())).digest(MEMORY);
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyDocument(FuzzedDataProvider data) {
    try {
      TdxLiteDocument.parse(Bytes.of(data.consumeRemainingAsBytes())).measurements(MEMORY, true);
    } catch (RefusalException expected) {
      expected.text();
    }
  }
}
