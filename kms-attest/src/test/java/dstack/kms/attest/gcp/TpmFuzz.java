package dstack.kms.attest.gcp;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** Any bytes are read or refused; nothing else is thrown. */
final class TpmFuzz {
  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyMessage(byte[] input) {
    try {
      TpmsAttest attest = TpmsAttest.parse(Bytes.of(input));
      if (attest.extraData().length() + attest.pcrDigest().length() > input.length) {
        throw new AssertionError("more was read than there is");
      }
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnySignature(FuzzedDataProvider data) {
    SignatureScheme scheme = data.pickValue(SignatureScheme.values());
    try {
      TpmtSignature signature =
          TpmtSignature.parse(Bytes.of(data.consumeRemainingAsBytes()), scheme);
      if (scheme == SignatureScheme.ECDSA && signature.value().length() != 64) {
        throw new AssertionError("r and s of another length");
      }
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void decodesOrRefusesAnyMeasurement(byte[] input) {
    try {
      if (ImageMeasurement.decode(Bytes.of(input)).ukiHash().length() != 32) {
        throw new AssertionError("a hash of another length");
      }
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void namesAMachineOrNoneForAnyExtension(byte[] input) {
    GcpInstance.read(Bytes.of(input))
        .ifPresent(
            machine -> {
              if (!machine.label().matches("projects/[^/\\s]+/zones/[^/\\s]+/instances/-?[0-9]+")) {
                throw new AssertionError("a label that cannot stand in a log line");
              }
            });
  }
}
