package dstack.kms.attest.tpm.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.TpmPlatform;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.client.Tpm;
import dstack.kms.attest.tpm.command.NvUndefineSpace;
import dstack.kms.attest.tpm.command.PcrExtend;
import dstack.kms.attest.tpm.software.ProvisionedTpm;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.SoftwareTpm;
import dstack.kms.testkit.Vectors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Quotes of our client, made by a software TPM and judged by the TPM2 tools (specification 14 §2,
 * §8).
 */
class TpmQuoterTest {
  private static final Bytes NONCE = Digests.sha256(Bytes.utf8("a TDX quote"));

  /** Specification 14 §5: the replay of Google's firmware. */
  private static final String PCR0 =
      "0cca9ec161b09288802e5a112255d21340ed5b797f5fe29cecccfd8f67b9f802";

  /** Specification 14 §2.4. */
  private static final String PCR14 =
      "f0d9960cdd4db570a86410e90fd95e3ac1edb53482d5d42434dc284aeda8c2a0";

  private static final RuntimeEvents EVENTS =
      new RuntimeEvents(
          List.of(
              RuntimeEvent.v1(
                  "app-id", Bytes.fromHex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4"))));

  private SoftwareTpm software;

  @BeforeEach
  void start() {
    software = SoftwareTpm.overUnixSocket();
    ProvisionedTpm.provision(software, EVENTS);
  }

  @AfterEach
  void end() {
    software.close();
  }

  @ParameterizedTest
  @EnumSource(AttestationKey.Kind.class)
  void makesQuotesThatTheTpmToolsAccept(AttestationKey.Kind kind) throws IOException {
    TpmQuote quote = quoteWith(kind);
    assertThat(checkQuote(quote, NONCE).status()).as("checkquote").isZero();
    assertThat(quote.platform()).isEqualTo(TpmPlatform.GCP);
    assertThat(quote.pcrValues().stream().map(TpmQuote.PcrValue::index))
        .containsExactly(0L, 2L, 14L);
    assertThat(quote.pcrValues().stream().map(TpmQuote.PcrValue::algorithm)).containsOnly("sha256");
    assertThat(value(quote, 0)).isEqualTo(PCR0);
    assertThat(value(quote, 2)).isEqualTo(PCR14);
  }

  @ParameterizedTest
  @EnumSource(AttestationKey.Kind.class)
  void makesQuotesThatTheTpmToolsRefuseOnceAnythingChanged(AttestationKey.Kind kind)
      throws IOException {
    TpmQuote quote = quoteWith(kind);
    Bytes otherNonce = Digests.sha256(Bytes.utf8("another TDX quote"));
    assertThat(checkQuote(quote, otherNonce).status()).as("nonce").isNotZero();
    assertThat(checkQuote(withMessage(quote, flipped(quote.message(), 60)), NONCE).status())
        .as("message")
        .isNotZero();
    int last = quote.signature().length() - 1;
    assertThat(checkQuote(withSignature(quote, flipped(quote.signature(), last)), NONCE).status())
        .as("signature")
        .isNotZero();
  }

  @Test
  void leavesNothingBehindTheSignature() {
    Bytes signature = quoteWith(AttestationKey.Kind.ECC).signature();
    assertThat(signature.hex()).startsWith("0018000b0020");
    assertThat(signature.length()).isEqualTo(72);
    assertThat(quoteWith(AttestationKey.Kind.RSA).signature().length()).isEqualTo(6 + 256);
  }

  @Test
  void prefersTheEccKeyAndTakesTheRsaKeyWithoutIt() {
    assertThat(quoter().quote(NONCE).signature().hex()).startsWith("0018");
    without(0x01C1_0003);
    assertThat(quoter().quote(NONCE).signature().hex()).startsWith("0014");
  }

  @Test
  void refusesWhenThereIsNoTemplateAtAll() {
    without(0x01C1_0003);
    without(0x01C1_0001);
    assertRefused(
        TpmRefusal.NOT_PROVISIONED, "RSA attestation key template not found at NV 0x01c10001");
  }

  @Test
  void refusesWithoutACertificateOfTheSameKey() {
    without(0x01C1_0002);
    assertRefused(
        TpmRefusal.NOT_PROVISIONED, "ECC attestation key certificate not found at NV 0x01c10002");
  }

  @Test
  void carriesTheCertificateThatTheToolsReadFromTheIndex() throws IOException {
    software.tool("tpm2_nvread", "-C", "o", "0x01C10002", "-o", "certificate");
    Bytes certificate = Bytes.of(Files.readAllBytes(software.folder().resolve("certificate")));
    assertThat(quoteWith(AttestationKey.Kind.ECC).akCert()).isEqualTo(certificate);
  }

  @Test
  void carriesTheWholeBootLog() {
    assertThat(quoter().quote(NONCE).eventLog()).hasSize(43);
  }

  @Test
  void flushesItsKeyHoweverOftenAndHoweverItEnds() {
    for (int i = 0; i < 6; i++) {
      quoter().quote(NONCE);
    }
    without(0x01C1_0002);
    for (int i = 0; i < 6; i++) {
      assertThatThrownBy(() -> quoter().quote(NONCE)).isInstanceOf(RefusalException.class);
    }
    assertThat(software.tool("tpm2_getcap", "handles-transient")).isBlank();
  }

  @Test
  void refusesARegisterThatMovesDuringTheQuote() {
    TpmQuoter quoter =
        new TpmQuoter(
            () ->
                new InterceptedTransport(
                    ProvisionedTpm.connector(software).open(),
                    0x158,
                    tpm ->
                        tpm.run(
                            new PcrExtend(14, TpmHash.SHA256, Digests.sha256(Bytes.utf8("x"))))),
            RetryRule.STANDARD,
            bootLog());
    assertThatThrownBy(() -> quoter.quote(NONCE))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(TpmRefusal.REGISTERS_MOVED));
  }

  private TpmQuote quoteWith(AttestationKey.Kind kind) {
    if (kind == AttestationKey.Kind.RSA) {
      without(0x01C1_0003);
    }
    return quoter().quote(NONCE);
  }

  private TpmQuoter quoter() {
    return new TpmQuoter(ProvisionedTpm.connector(software), RetryRule.STANDARD, bootLog());
  }

  private static TpmBootLog bootLog() {
    return new TpmBootLog(Vectors.path("platforms/tpm/tpm_eventlog.bin"));
  }

  private void without(int index) {
    try (Tpm tpm = Tpm.open(ProvisionedTpm.connector(software), RetryRule.STANDARD)) {
      tpm.run(new NvUndefineSpace(new TpmHandle(index)));
    }
  }

  private SoftwareTpm.Result checkQuote(TpmQuote quote, Bytes nonce) throws IOException {
    Files.write(software.folder().resolve("message"), quote.message().toArray());
    Files.write(software.folder().resolve("signature"), quote.signature().toArray());
    Files.write(
        software.folder().resolve("values"),
        Bytes.concat(quote.pcrValues().stream().map(TpmQuote.PcrValue::value).toArray(Bytes[]::new))
            .toArray());
    Files.writeString(software.folder().resolve("ak.pem"), publicKey(quote.akCert()));
    return software.tryTool(
        "tpm2_checkquote",
        "-u",
        "ak.pem",
        "-m",
        "message",
        "-s",
        "signature",
        "-f",
        "values",
        "-F",
        "values",
        "-l",
        "sha256:0,2,14",
        "-g",
        "sha256",
        "-q",
        nonce.hex());
  }

  private static String publicKey(Bytes certificate) {
    try {
      byte[] key =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(certificate.toArray()))
              .getPublicKey()
              .getEncoded();
      return "-----BEGIN PUBLIC KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
          + "\n-----END PUBLIC KEY-----\n";
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertRefused(TpmRefusal code, String text) {
    assertThatThrownBy(() -> quoter().quote(NONCE))
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(text);
  }

  private static String value(TpmQuote quote, int index) {
    return quote.pcrValues().get(index).value().hex();
  }

  private static TpmQuote withMessage(TpmQuote quote, Bytes message) {
    return new TpmQuote(
        message,
        quote.signature(),
        quote.pcrValues(),
        quote.akCert(),
        quote.platform(),
        quote.eventLog());
  }

  private static TpmQuote withSignature(TpmQuote quote, Bytes signature) {
    return new TpmQuote(
        quote.message(),
        signature,
        quote.pcrValues(),
        quote.akCert(),
        quote.platform(),
        quote.eventLog());
  }

  private static Bytes flipped(Bytes original, int index) {
    byte[] changed = original.toArray();
    changed[index] ^= 1;
    return Bytes.of(changed);
  }
}
