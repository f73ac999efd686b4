package dstack.kms.client.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.VerifyRefusal;
import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.client.testing.ScriptedAuthority;
import dstack.kms.client.testing.TestPlatform;
import dstack.kms.client.testing.VectorApp;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.rpc.client.ServerTrust;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Which server counts as the KMS: whatever was given must hold, all of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KmsTrustTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final VectorApp app = new VectorApp();
  private final Certificates certificates = new Certificates(TestPlatform.CLOCK);
  private final ScriptedAuthority authority = new ScriptedAuthority();
  private TestPlatform platform;

  @BeforeAll
  void boot(@TempDir Path folder) {
    platform = new TestPlatform(folder);
  }

  @BeforeEach
  void allow() {
    authority.kms = new Decision.Allowed("gateway-1");
    authority.away = false;
  }

  private Bytes evidence(P256PrivateKey key) {
    return evidence(platform.kms(), key);
  }

  private static Bytes evidence(QuoteSource machine, P256PrivateKey key) {
    Bytes raw = machine.attest(ReportData.ofCertificateKey(key.publicKey().subjectPublicKeyInfo()));
    return UnverifiedAttestation.decode(raw).stripped().encode();
  }

  private ParsedCertificate server() {
    P256PrivateKey key = P256PrivateKey.generate(RANDOM);
    return server(key, Optional.of(evidence(key)));
  }

  private ParsedCertificate server(P256PrivateKey key, Optional<Bytes> evidence) {
    return ParsedCertificate.parse(
        Pem.decode(certificates.rpc(app.rootCa(), key.publicKey(), "kms.example", evidence)));
  }

  private KmsTrust byRoot() {
    return KmsTrust.of(
        Optional.of(RootCaPin.ofPem(app.rootCa().pem())), Optional.empty(), Optional.empty());
  }

  private KmsTrust byKey() {
    return KmsTrust.of(Optional.empty(), Optional.of(app.k256()), Optional.empty());
  }

  private KmsJudge judge() {
    return new KmsJudge(platform.verifier(), authority);
  }

  private KmsTrust byEvidence() {
    return KmsTrust.of(Optional.empty(), Optional.empty(), Optional.of(judge()));
  }

  private KmsTrust byAll() {
    return KmsTrust.of(
        Optional.of(RootCaPin.ofPem(app.rootCa().pem())),
        Optional.of(app.k256()),
        Optional.of(judge()));
  }

  private static void refuses(RefusalCode code, Runnable judgement) {
    assertThatThrownBy(judgement::run)
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).as(e.text()).isEqualTo(code));
  }

  @Test
  void takesAServerThatIsWhatWasAskedFor() {
    for (KmsTrust each : new KmsTrust[] {byRoot(), byKey(), byEvidence(), byAll()}) {
      each.judge(server(), TestPlatform.NOW);
    }
  }

  @Test
  void checksItsTimeWhateverElseIsTrusted() {
    ParsedCertificate server = server();
    for (KmsTrust each :
        new KmsTrust[] {byRoot(), byKey(), byEvidence(), byAll(), KmsTrust.inAnybody()}) {
      each.judge(server, server.notBefore());
      each.judge(server, server.notAfter());
      refuses(
          FetchRefusal.KMS_EXPIRED,
          () -> each.judge(server, server.notBefore().minus(Duration.ofSeconds(1))));
      refuses(
          FetchRefusal.KMS_EXPIRED,
          () -> each.judge(server, server.notAfter().plus(Duration.ofSeconds(1))));
    }
  }

  @Test
  void t18_checksItsUsageWhateverElseIsTrusted() {
    P256PrivateKey key = P256PrivateKey.generate(RANDOM);
    ParsedCertificate client =
        ParsedCertificate.parse(Pem.decode(certificates.selfIssuedClient(key, evidence(key))));
    ParsedCertificate root = ParsedCertificate.parse(Pem.decode(app.rootCa().pem()));
    for (KmsTrust each : new KmsTrust[] {byRoot(), byKey(), byAll(), KmsTrust.inAnybody()}) {
      refuses(FetchRefusal.KMS_USAGE, () -> each.judge(client, TestPlatform.NOW));
      refuses(FetchRefusal.KMS_USAGE, () -> each.judge(root, TestPlatform.NOW));
    }
  }

  /** The root alone would take these; evidence was asked for as well. */
  @Test
  void refusesUnlessEverythingThatWasGivenHolds() {
    P256PrivateKey key = P256PrivateKey.generate(RANDOM);
    ParsedCertificate bare = server(key, Optional.empty());
    byRoot().judge(bare, TestPlatform.NOW);
    refuses(FetchRefusal.KMS_WITHOUT_EVIDENCE, () -> byAll().judge(bare, TestPlatform.NOW));
    authority.kms = new Decision.Denied("measurement not allowed");
    ParsedCertificate server = server();
    byRoot().judge(server, TestPlatform.NOW);
    refuses(FetchRefusal.KMS_NOT_ALLOWED, () -> byAll().judge(server, TestPlatform.NOW));
  }

  @Test
  void refusesEvidenceOfAnotherKeyOrCutOff() {
    P256PrivateKey key = P256PrivateKey.generate(RANDOM);
    Bytes borrowed = evidence(P256PrivateKey.generate(RANDOM));
    Bytes own = evidence(key);
    for (Bytes each :
        new Bytes[] {
          borrowed, own.slice(0, own.length() - 1), own.slice(0, own.length() / 2), Bytes.zeros(1)
        }) {
      assertThatThrownBy(() -> byEvidence().judge(server(key, Optional.of(each)), TestPlatform.NOW))
          .isInstanceOf(RefusalException.class);
    }
  }

  /** Such evidence is genuine, as far as anybody looked, and the authority would allow it. */
  @Test
  void t22_refusesEvidenceThatWasNotCheckedCompletely() {
    P256PrivateKey key = P256PrivateKey.generate(RANDOM);
    ParsedCertificate enclave = server(key, Optional.of(evidence(platform.enclave(), key)));
    KmsJudge archival = new KmsJudge(platform.withoutLists(), authority);

    refuses(VerifyRefusal.INCOMPLETE, () -> archival.require(enclave));
  }

  @Test
  void saysThatNobodyDecidedWhereTheAuthorityIsAway() {
    authority.away = true;
    assertThatThrownBy(() -> byEvidence().judge(server(), TestPlatform.NOW))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code().kind()).isEqualTo(RefusalKind.UNAVAILABLE));
  }

  @Test
  void asksTlsForTheRootOrForTheKeyThatWasJudged() {
    ParsedCertificate server = server();
    Bytes said = ParsedCertificate.parse(Pem.decode(app.rootCa().pem())).der();
    assertThat(byRoot().ofFirstConnection()).isEqualTo(new ServerTrust.RootCa(said));
    assertThat(byAll().ofFirstConnection()).isEqualTo(new ServerTrust.RootCa(said));
    assertThat(byKey().ofFirstConnection()).isEqualTo(new ServerTrust.Unverified());
    assertThat(byEvidence().ofSecondConnection(server, said))
        .isEqualTo(new ServerTrust.PinnedKey(server.spki()));
    assertThat(byAll().ofSecondConnection(server, said))
        .isEqualTo(new ServerTrust.PinnedKey(server.spki()));
    assertThat(byRoot().ofSecondConnection(server, Bytes.zeros(1)))
        .isEqualTo(new ServerTrust.RootCa(said));
  }

  @Test
  void restsOnSignaturesAloneOnlyWithARootK256KeyAndNothingElse() {
    assertThat(byKey().restsOnSignaturesAlone()).isTrue();
    for (KmsTrust each : new KmsTrust[] {byRoot(), byEvidence(), byAll(), KmsTrust.inAnybody()}) {
      assertThat(each.restsOnSignaturesAlone()).isFalse();
    }
  }
}
