package dstack.kms.attest.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.evidence.NitroEnclaveEvidence;
import dstack.kms.attest.platform.Claims;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One flipped bit in every byte of the real production document. */
final class ByteFlipTest {
  private static final Bytes COSE = NitroVectors.prodCose();
  private static final Claims CLAIMS = NitroVectors.prodClaims();
  private static final NitroEnclaveVerifier VERIFIER =
      new NitroEnclaveVerifier(
          Verifiers.archive(NitroVectors.PROD_MADE), UnmeasuredEvents.APP_ID_ONLY);

  private static String outcome(Bytes cose) {
    try {
      VERIFIER.verify(new NitroEnclaveEvidence(cose), CLAIMS);
      return "ok";
    } catch (RefusalException e) {
      return e.text();
    }
  }

  private static Bytes flipped(int index, int mask) {
    byte[] changed = COSE.toArray();
    changed[index] ^= (byte) mask;
    return Bytes.of(changed);
  }

  private static int indexOf(Bytes part) {
    int at = COSE.hex().indexOf(part.hex());
    assertThat(at % 2).isZero();
    return at / 2;
  }

  private static List<String> outcomes(int from, int to, int mask, int step) {
    List<String> outcomes = new ArrayList<>();
    for (int i = from; i < to; i += step) {
      outcomes.add(outcome(flipped(i, mask)));
    }
    return outcomes;
  }

  @Test
  void isAcceptedAsItIs() {
    assertThat(outcome(COSE)).isEqualTo("ok");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x01, 0x80})
  void t43_everyByteCounts(int mask) {
    // All bytes of the frame, the header and the fields; each third one of the certificates.
    int certificates = indexOf(Bytes.utf8("certificate"));
    int end = indexOf(Bytes.utf8("public_key"));

    assertThat(outcomes(0, certificates, mask, 1)).doesNotContain("ok");
    assertThat(outcomes(certificates, end, mask, 3)).doesNotContain("ok");
    assertThat(outcomes(end, COSE.length(), mask, 1)).doesNotContain("ok");
  }

  @Test
  void everyByteOfTheSignatureCounts() {
    assertThat(outcomes(COSE.length() - 96, COSE.length(), 0x10, 1))
        .allMatch(
            text ->
                text.equals(
                    "NSM attestation verification failed: COSE signature verification failed:"
                        + " ECDSA signature verification failed"));
  }

  @Test
  void everyByteOfTheRegistersAndTheUserDataIsSigned() {
    AttestationDocument document =
        AttestationDocument.parse(CoseSign1.parse(COSE).payload(), ModuleKind.ENCLAVE);
    for (Bytes part :
        List.of(
            document.registers().require(0),
            document.registers().require(1),
            document.registers().require(2),
            document.registers().require(4),
            document.userData().orElseThrow())) {
      int at = indexOf(part);
      assertThat(outcomes(at, at + part.length(), 0x04, 1))
          .allMatch(text -> text.contains("COSE signature verification failed"));
    }
  }

  @Test
  void everyByteOfThePinnedRootInTheBundleCounts() {
    int at = indexOf(NitroTrustAnchor.aws().der());
    assertThat(outcomes(at, at + NitroTrustAnchor.aws().der().length(), 0x20, 5))
        .allMatch(text -> text.endsWith("cabundle does not begin with the pinned root"));
  }
}
