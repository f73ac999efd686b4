package dstack.kms.attest.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.GcpTdxEvidence;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.evidence.TpmQuote.PcrValue;
import dstack.kms.attest.evidence.TpmQuote.TpmEvent;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.issuer.NoIssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.GcpEvidenceConfig;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The TPM half against the composed evidence of the vectors, whose key is under its own root. */
class VtpmVerifierTest {
  private static final Instant NOW = Instant.parse("2026-08-01T00:00:00Z");
  private static final GcpTdxEvidence EVIDENCE = GcpData.evidence(GcpData.COMPOSED);
  private static final TpmQuote QUOTE = EVIDENCE.tpmQuote();
  private static final RuntimeEvents EVENTS = GcpData.COMPOSED.runtimeEvents();
  private static final String CONTEXT = "failed to verify TPM quote: verification failed: ";

  @Test
  void acceptsTheComposedEvidenceCurrentAndLegacy() {
    for (UnverifiedAttestation attestation : List.of(GcpData.COMPOSED, GcpData.LEGACY)) {
      VerifiedVtpm tpm = verify(attestation);
      assertThat(tpm.registers().qualifyingData().hex())
          .isEqualTo(GcpData.expected("tpm_qualifying_data"));
      assertThat(tpm.instance()).isEmpty();
      assertThat(tpm.unchecked()).isEmpty();
    }
  }

  @Test
  void theComposedEvidenceIsWhatTheVectorsDescribe() {
    assertThat(GcpData.expected("kind")).isEqualTo("ecc");
    assertThat(QUOTE.signature().hex())
        .isEqualTo(GcpData.expected("tpmt_signature_with_trailing_session_bytes"));
    String template = GcpData.expected("ak_public_tpmt");
    P256PublicKey key = (P256PublicKey) AkCertificate.parse(QUOTE.akCert()).key();
    assertThat(template)
        .contains("0020" + key.point().slice(1, 33).hex() + "0020" + key.point().slice(33, 65));
    assertThat(QUOTE.akCert())
        .isEqualTo(Bytes.of(Vectors.bytes("platforms/gcp-tdx-composed/ak_cert.der")));
  }

  @ParameterizedTest
  @CsvSource({
    "neg_signature.bin, SIGNATURE, signature verification failed",
    "neg_pcr_value_changed.bin, PCR_DIGEST, PCR digest mismatch",
    "neg_event_log_uki_swapped.bin, PCR_REPLAY, event log verification failed: PCR 2 replay"
        + " mismatch: expected"
        + " 1f74355f18d9aab3a26faa060d2058726554207d040c63d25d501d97f5a41e0f",
  })
  void refusesTheNegativesOfTheQuoteItself(String name, GcpRefusal code, String text) {
    assertRefused(code, CONTEXT + text, () -> verify(GcpData.composed(name)));
  }

  @Test
  void refusesTheNegativeWithAnotherNonce() {
    assertRefused(
        GcpRefusal.QUALIFYING_DATA,
        "tpm qualified_data mismatch",
        () -> verify(GcpData.composed("neg_qualifying_data.bin")));
  }

  @Test
  void refusesTheNegativeWithoutARuntimeEventInEitherHalf() {
    UnverifiedAttestation dropped = GcpData.composed("neg_runtime_event_dropped.bin");
    TdReport report = (TdReport) UnverifiedQuote.parse(EVIDENCE.quote()).report();
    assertThat(report.rtMrs().get(3)).isEqualTo(EVENTS.replaySha384());
    assertThat(dropped.runtimeEvents().replaySha384()).isNotEqualTo(report.rtMrs().get(3));
    assertRefused(
        GcpRefusal.RUNTIME_PCR,
        "PCR14 mismatch, quoted: "
            + GcpData.expected("pcr14")
            + ", replayed: "
            + dropped.runtimeEvents().replaySha256(),
        () -> verify(dropped));
  }

  @Test
  void t43_refusesEachFlippedByteOfTheMessage() {
    assertEachFlipRefused(QUOTE.message(), Changed::withMessage);
  }

  @Test
  void t43_refusesEachFlippedByteOfTheSignatureAndItsTail() {
    assertEachFlipRefused(QUOTE.signature(), Changed::withSignature);
  }

  @Test
  void t43_refusesEachFlippedByteOfTheAttestationKeysCertificate() {
    assertEachFlipRefused(QUOTE.akCert(), Changed::withAkCert);
  }

  @Test
  void t43_refusesEachFlippedByteOfTheRegisters() {
    for (int register = 0; register < 3; register++) {
      int at = register;
      PcrValue pcr = QUOTE.pcrValues().get(register);
      assertEachFlipRefused(
          pcr.value(),
          (quote, value) -> {
            List<PcrValue> values = new ArrayList<>(quote.pcrValues());
            values.set(at, new PcrValue(pcr.index(), pcr.algorithm(), value));
            return Changed.withPcrValues(quote, values);
          });
    }
  }

  @Test
  void t43_refusesEachFlippedByteOfTheQuotedRegistersLogs() {
    for (int i = 0; i < QUOTE.eventLog().size(); i++) {
      int at = i;
      TpmEvent event = QUOTE.eventLog().get(i);
      if (event.pcrIndex() == 0 || event.pcrIndex() == 2) {
        assertEachFlipRefused(
            event.digest(),
            (quote, digest) -> {
              List<TpmEvent> log = new ArrayList<>(quote.eventLog());
              log.set(at, new TpmEvent(event.pcrIndex(), digest));
              return Changed.withEventLog(quote, log);
            });
      }
    }
  }

  @Test
  void t43_refusesEachFlippedByteOfTheTdxQuote() {
    Bytes quote = EVIDENCE.quote();
    for (int i = 0; i < quote.length(); i += 7) {
      Bytes flipped = GcpData.xor(quote, i, 0x10);
      assertThatThrownBy(() -> verifier(NOW).verify(QUOTE, flipped, EVENTS))
          .hasMessage("tpm qualified_data mismatch");
    }
  }

  @Test
  void theOtherScalarOfAnEcdsaSignatureIsAsGood() {
    BigInteger order =
        new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    Bytes rs = TpmtSignature.parse(QUOTE.signature(), SignatureScheme.ECDSA).value();
    BigInteger s = new BigInteger(1, rs.slice(32, 64).toArray());
    String other = "%064x".formatted(order.subtract(s));
    Bytes signature = TpmtSignatureTest.ecdsa(rs.slice(0, 32).hex(), other);
    assertThat(verify(Changed.withSignature(QUOTE, signature)).registers())
        .isEqualTo(verify(QUOTE).registers());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'signature too short: 0 bytes'",
    "0018000c, 'unsupported hash algorithm: 0x000c'",
    "0014000b, 'expected ECDSA (0x0018), got 0x0014'",
    "0018000b, 'ECDSA signature ends early'",
  })
  void tellsAMalformedSignatureFromAWrongOne(String signature, String text) {
    assertRefused(
        GcpRefusal.SIGNATURE_FORM,
        CONTEXT + "signature verification error: " + text,
        () -> verify(Changed.withSignature(QUOTE, Bytes.fromHex(signature))));
    assertRefused(
        GcpRefusal.SIGNATURE,
        CONTEXT + "signature verification failed",
        () -> verify(Changed.withSignature(QUOTE, TpmtSignatureTest.ecdsa("01", "01"))));
    assertRefused(
        GcpRefusal.SIGNATURE,
        CONTEXT + "signature verification failed",
        () -> verify(Changed.withSignature(QUOTE, TpmtSignatureTest.ecdsa("", ""))));
  }

  @Test
  void refusesARootThatDidNotIssueTheKeysCertificate() {
    AttestationKeyChain google =
        new AttestationKeyChain(
            GcpTrustAnchor.google(),
            new NoIssuerDocuments(),
            RevocationRule.REPORTED,
            GcpWorld.VERIFIER,
            InstantSource.fixed(NOW));
    assertThatThrownBy(
            () ->
                new VtpmVerifier(google, GcpWorld.VERIFIER, GcpEvidenceConfig.defaults())
                    .verify(QUOTE, EVIDENCE.quote(), EVENTS))
        .hasMessage(
            CONTEXT
                + "AK certificate chain verification error: certificate chain verification failed:"
                + " UnknownIssuer");
  }

  @Test
  void t22_refusesTheKeysCertificateOutsideItsDates() {
    for (String instant : List.of("2024-12-31T23:59:59Z", "2125-01-01T00:00:01Z")) {
      assertThatThrownBy(
              () -> verifier(Instant.parse(instant)).verify(QUOTE, EVIDENCE.quote(), EVENTS))
          .hasMessageStartingWith(
              CONTEXT
                  + "AK certificate chain verification error: certificate chain verification"
                  + " failed: Cert");
    }
  }

  @Test
  void acceptsTheRealRsaQuoteUpToItsRegisters() {
    TpmQuote rsa = GcpData.rsaQuote();
    AkCertificate ak = AkCertificate.parse(rsa.akCert());
    assertThat(ak.scheme()).isEqualTo(SignatureScheme.RSASSA);
    TpmtSignature signature = TpmtSignature.parse(rsa.signature(), ak.scheme());
    assertThat(ak.verifies(signature, rsa.message(), GcpWorld.VERIFIER)).isTrue();
    for (int i = 0; i < rsa.message().length(); i++) {
      Bytes flipped = GcpData.xor(rsa.message(), i, 1);
      assertThat(ak.verifies(signature, flipped, GcpWorld.VERIFIER)).isFalse();
    }
    for (int i = 0; i < 256; i += 5) {
      TpmtSignature other =
          new TpmtSignature(signature.scheme(), GcpData.xor(signature.value(), i, 1));
      assertThat(ak.verifies(other, rsa.message(), GcpWorld.VERIFIER)).isFalse();
    }
    assertRefused(
        GcpRefusal.PCR_SELECTION,
        CONTEXT + "PCR selection mismatch: expected [0, 2, 14] in one selection",
        () -> verify(rsa));
  }

  private static void assertEachFlipRefused(Bytes region, Change change) {
    for (int i = 0; i < region.length(); i++) {
      TpmQuote flipped = change.of(QUOTE, GcpData.xor(region, i, 1 << i % 8));
      int at = i;
      assertThatThrownBy(() -> verify(flipped))
          .as("byte %d", at)
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith(CONTEXT);
    }
    UnaryOperator<Bytes> cut = bytes -> bytes.slice(0, bytes.length() - 1);
    assertThatThrownBy(() -> verify(change.of(QUOTE, cut.apply(region))))
        .isInstanceOf(RefusalException.class);
    assertThatThrownBy(() -> verify(change.of(QUOTE, Bytes.concat(region, Bytes.zeros(1)))))
        .isInstanceOf(RefusalException.class);
  }

  @FunctionalInterface
  private interface Change {
    TpmQuote of(TpmQuote quote, Bytes region);
  }

  private static VerifiedVtpm verify(UnverifiedAttestation attestation) {
    GcpTdxEvidence evidence = GcpData.evidence(attestation);
    return verifier(NOW).verify(evidence.tpmQuote(), evidence.quote(), attestation.runtimeEvents());
  }

  private static VerifiedVtpm verify(TpmQuote quote) {
    return verifier(NOW).verify(quote, EVIDENCE.quote(), EVENTS);
  }

  private static VtpmVerifier verifier(Instant now) {
    AttestationKeyChain chains =
        new AttestationKeyChain(
            GcpTrustAnchor.external(
                Bytes.of(Vectors.bytes("platforms/gcp-tdx-composed/tpm_root.pem"))),
            new NoIssuerDocuments(),
            RevocationRule.REQUIRED,
            GcpWorld.VERIFIER,
            InstantSource.fixed(now));
    return new VtpmVerifier(chains, GcpWorld.VERIFIER, GcpEvidenceConfig.defaults());
  }

  private static void assertRefused(RefusalCode code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageStartingWith(text);
  }
}
