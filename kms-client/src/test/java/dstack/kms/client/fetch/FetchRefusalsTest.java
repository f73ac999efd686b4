package dstack.kms.client.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.VerifyRefusal;
import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.client.testing.Enclave;
import dstack.kms.client.testing.ServerKind;
import dstack.kms.client.testing.TestKms;
import dstack.kms.client.testing.TestPlatform;
import dstack.kms.client.trust.KmsTrust;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.rpc.client.ClientRefusal;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.tls.TlsDefaults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that must keep an enclave from taking keys, each with a code of its own. */
@Timeout(180)
final class FetchRefusalsTest {
  @TempDir private Path folder;
  private TestPlatform platform;
  private TestKms kms;

  @BeforeEach
  void start() {
    TlsDefaults.apply();
    platform = new TestPlatform(folder);
    kms = new TestKms(platform, 0, ServerKind.ORDINARY);
  }

  @AfterEach
  void stop() {
    kms.close();
  }

  private Enclave byRoot() {
    return new Enclave(platform).trustingRoot(kms.rootCa());
  }

  private Enclave plain() {
    return byRoot().by(Delivery.PLAIN);
  }

  private static RefusalException refused(RefusalCode code, ThrowingCallable call) {
    RefusalException[] seen = new RefusalException[1];
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.code()).as("%s (%s)", e.text(), e.detail()).isEqualTo(code);
              seen[0] = e;
            });
    return seen[0];
  }

  private void refuses(RefusalCode code, Enclave enclave) {
    refused(code, () -> fetchInOwnTime(enclave, kms.url()));
  }

  /** Pauses between tries take no time. */
  private static void fetchInOwnTime(Enclave enclave, String... urls) {
    new KeyFetch(enclave.plan(), enclave.machine(), new JumpingTime())
        .run(Stream.of(urls).map(RpcUrl::ofKms).toList(), Duration.ofSeconds(10))
        .close();
  }

  private void refusesServer(RefusalCode code, ServerKind kind, Enclave enclave) {
    try (TestKms other = new TestKms(platform, 0, kind)) {
      refused(code, () -> enclave.fetch(other.url()).close());
      assertThat(other.answers.asked()).isEmpty();
    }
  }

  // ---- which KMS

  @Test
  void trustsNobodyUnlessTold() {
    refused(
        FetchRefusal.NO_TRUST,
        () -> KmsTrust.of(Optional.empty(), Optional.empty(), Optional.empty()));
  }

  @Test
  void asksAKmsUnderAnotherRootForNothing() {
    try (TestKms swapped = new TestKms(platform, 1, ServerKind.ORDINARY)) {
      refused(FetchRefusal.OTHER_ROOT_CA, () -> byRoot().fetch(swapped.url()).close());
      assertThat(swapped.answers.asked()).isEmpty();
    }
  }

  @Test
  void takesNothingThatAnotherRootK256KeySigned() {
    try (TestKms swapped = new TestKms(platform, 1, ServerKind.ORDINARY)) {
      Enclave enclave = new Enclave(platform).trustingK256(kms.keys.roots().k256().publicKey());
      refused(FetchRefusal.OTHER_K256, () -> enclave.fetch(swapped.url()).close());
    }
  }

  @Test
  void refusesAMachineThatTheAuthorityDoesNotAllow() {
    kms.authority.kms = new Decision.Denied("not in the list");
    RefusalException e =
        refused(
            FetchRefusal.KMS_NOT_ALLOWED,
            () -> new Enclave(platform).trustingEvidence(kms.authority).fetch(kms.url()).close());
    assertThat(e.text()).endsWith("not in the list");
    assertThat(kms.answers.asked()).isEmpty();
  }

  /** Its certificate is for the address 127.0.0.1, which the name localhost leads to. */
  @Test
  void asksNobodyUnderAnotherNameThanThatInTheCertificate() {
    for (String other : new String[] {"localhost", "LOCALHOST"}) {
      refused(
          FetchRefusal.OTHER_HOST,
          () -> byRoot().fetch("https://" + other + ":" + kms.port()).close());
    }
    assertThat(kms.answers.asked()).isEmpty();
  }

  @Test
  void judgesCertificatesBeforeAnythingIsSent() {
    refusesServer(FetchRefusal.KMS_EXPIRED, ServerKind.EXPIRED, byRoot());
    refusesServer(FetchRefusal.OTHER_HOST, ServerKind.OTHER_HOST, byRoot());
    refusesServer(FetchRefusal.OTHER_ROOT_CA, ServerKind.APPLICATION, byRoot());
    Enclave attested = new Enclave(platform).trustingEvidence(kms.authority);
    refusesServer(FetchRefusal.KMS_EXPIRED, ServerKind.EXPIRED, attested);
    refusesServer(FetchRefusal.KMS_WITHOUT_EVIDENCE, ServerKind.WITHOUT_EVIDENCE, attested);
    refusesServer(VerifyRefusal.KEY_BINDING, ServerKind.BORROWED_EVIDENCE, attested);
  }

  /** T-18: under the same root, with evidence of its own. */
  @Test
  void t18_anApplicationIsNoKms() {
    Enclave attested = new Enclave(platform).trustingEvidence(kms.authority);
    refusesServer(FetchRefusal.KMS_USAGE, ServerKind.APPLICATION, attested);
    refusesServer(FetchRefusal.KMS_USAGE, ServerKind.APPLICATION, new Enclave(platform));
  }

  @Test
  void refusesAKmsThatNamesAnotherRootThanItsOwn() {
    try (TestKms other = new TestKms(platform, 1, ServerKind.ORDINARY)) {
      String foreign = other.rootCa().replace("\n", "\\n");
      kms.answers.change(
          "GetTempCaCert", text -> text.replace(kms.rootCa().replace("\n", "\\n"), foreign));
      refuses(FetchRefusal.KMS_IDENTITY, byRoot());
      refuses(FetchRefusal.KMS_IDENTITY, new Enclave(platform).trustingEvidence(kms.authority));
    }
  }

  // ---- relayed

  /** Somebody in between who answers as a KMS of his own and passes the sealed question on. */
  @Test
  void t01_aRelayCanNeitherReadNorPassOnWhatIsSealed() {
    try (TestKms between = new TestKms(platform, 1, ServerKind.ORDINARY)) {
      between.answers.instead("GetAppKeySealed", new Forwarding(kms)::answer);
      Enclave byK256 = new Enclave(platform).trustingK256(kms.keys.roots().k256().publicKey());
      refused(FetchRefusal.ANSWER, () -> byK256.fetch(between.url()).close());
      refused(FetchRefusal.OTHER_K256, () -> new Enclave(platform).fetch(between.url()).close());
      refused(FetchRefusal.OTHER_ROOT_CA, () -> byRoot().fetch(between.url()).close());
      assertThat(kms.answers.asked()).contains("GetAppKeySealed");
    }
  }

  @Test
  void t19_asksForPlainKeysOnlyTheServerThatItJudged() {
    try (TestKms other = new TestKms(platform, 0, ServerKind.ORDINARY);
        SwitchingPort port = new SwitchingPort(kms.port(), other.port())) {
      Enclave attested = new Enclave(platform).trustingEvidence(kms.authority).by(Delivery.PLAIN);
      refused(FetchRefusal.KMS_CHANGED, () -> fetchInOwnTime(attested, port.url()));
      assertThat(other.answers.asked()).isEmpty();
    }
  }

  /** The application has a server certificate of SignCert for the KMS's name. */
  @Test
  void t18_asksNoApplicationUnderTheSameRootForPlainKeys() throws Exception {
    for (Enclave each : new Enclave[] {plain(), new Enclave(platform).by(Delivery.PLAIN)}) {
      try (ApplicationServer application = new ApplicationServer(kms.keys.rootCa());
          SwitchingPort port = new SwitchingPort(kms.port(), application.port())) {
        refused(FetchRefusal.KMS_USAGE, () -> fetchInOwnTime(each, port.url()));
        assertThat(application.said()).isEqualTo(Bytes.EMPTY);
      }
    }
    assertThat(kms.answers.asked()).doesNotContain("GetAppKey");
  }

  @Test
  void t01_opensNoAnswerToAnotherRequest() {
    String[] first = new String[1];
    kms.answers.change(
        "GetAppKeySealed",
        text -> {
          first[0] = first[0] == null ? text : first[0];
          return first[0];
        });
    byRoot().fetch(kms.url()).close();
    refuses(FetchRefusal.OTHER_K256, byRoot());
  }

  // ---- sealed or not

  @Test
  void takesNoPlainAnswerFromAnOlderNodeUnlessThatIsAllowed() {
    kms.answers.forget("GetAppKeySealed");
    refuses(FetchRefusal.SEALED_UNKNOWN, byRoot());
    assertThat(kms.answers.asked()).doesNotContain("GetAppKey");
  }

  @Test
  void allowsPlainAnswersOnlyInsteadOfUnknownOnes() {
    kms.answers.instead("GetAppKeySealed", 400, "{\"error\":\"App not allowed: whatever\"}");
    refuses(FetchRefusal.REFUSED_BY_KMS, byRoot().by(Delivery.SEALED_IF_KNOWN));
    assertThat(kms.answers.asked()).doesNotContain("GetAppKey");
  }

  @Test
  void believesNoPlainAnswerForItsK256SignatureAlone() {
    kms.answers.forget("GetAppKeySealed");
    refuses(
        FetchRefusal.PLAIN_UNPROVEN,
        new Enclave(platform)
            .trustingK256(kms.keys.roots().k256().publicKey())
            .by(Delivery.SEALED_IF_KNOWN));
  }

  @Test
  void refusesASealedAnswerWithOneBitChangedOrWithoutItsSignature() {
    kms.answers.change("GetAppKeySealed", text -> flip(text, "\"sealed\":\"", 70));
    refuses(FetchRefusal.OTHER_K256, byRoot());
    kms.answers.change("GetAppKeySealed", text -> flip(text, "\"signature\":\"", 3));
    refuses(FetchRefusal.OTHER_K256, byRoot());
    kms.answers.change(
        "GetAppKeySealed", text -> text.replaceAll("\"signature\":\"[0-9a-f]*\"", "\"x\":1"));
    refuses(FetchRefusal.ANSWER, byRoot());
  }

  // ---- what comes

  @ParameterizedTest
  @CsvSource({
    "disk_crypt_key, ANSWER",
    "env_crypt_key, ANSWER",
    "k256_key, ANSWER",
    "k256_signature, ANSWER",
    "os_image_hash, ANSWER",
  })
  void refusesPlainKeysOfAnotherLength(String field, FetchRefusal code) {
    for (String value : new String[] {"ab", "ab".repeat(31), "ab".repeat(33)}) {
      kms.answers.change(
          "GetAppKey",
          text ->
              text.replaceAll(
                  "\"" + field + "\":\"[0-9a-f]*\"", "\"" + field + "\":\"" + value + "\""));
      refuses(code, plain());
    }
  }

  @Test
  void refusesKeysThatAreSignedForAnotherApplication() {
    Bytes other = Bytes.fromHex("22".repeat(20));
    refuses(FetchRefusal.OTHER_K256, plain().attestedBy(platform.app(other)));
    refuses(FetchRefusal.OTHER_K256, byRoot().attestedBy(platform.app(other)));
    refuses(FetchRefusal.OTHER_K256, byRoot().of(other));
  }

  @Test
  void refusesAK256KeyThatIsNotTheOneSigned() {
    kms.answers.change("GetAppKey", text -> flip(text, "\"k256_key\":\"", 9));
    refuses(FetchRefusal.OTHER_K256, plain());
  }

  @Test
  void refusesKeysOfAnotherRootOrGateway() {
    try (TestKms other = new TestKms(platform, 1, ServerKind.ORDINARY)) {
      String foreign = other.rootCa().replace("\n", "\\n");
      kms.answers.change(
          "GetAppKey", text -> text.replace(kms.rootCa().replace("\n", "\\n"), foreign));
      refuses(FetchRefusal.ANSWER, plain());
    }
    kms.answers.change(
        "GetAppKey",
        text -> text.replace("\"tproxy_app_id\":\"gateway-1\"", "\"tproxy_app_id\":\"x\""));
    refuses(FetchRefusal.ANSWER, plain());
    refuses(FetchRefusal.OTHER_GATEWAY, byRoot().expectingGateway("gateway-2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "{\"sealed\":1}", "{\"sealed\":\"", "[]"})
  void refusesAnswersThatAreCutOffOrNoAnswers(String text) {
    kms.answers.instead("GetAppKeySealed", 200, text);
    RefusalException e =
        refused(ClientRefusal.MALFORMED_ANSWER, () -> fetchInOwnTime(byRoot(), kms.url()));
    assertThat(e.code().kind()).isEqualTo(RefusalKind.UNAVAILABLE);
  }

  @Test
  void neverFollowsARedirect() {
    kms.answers.instead("GetTempCaCert", 307, "");
    refuses(ClientRefusal.REDIRECTED, byRoot());
  }

  // ---- no

  @Test
  void saysWhatThePolicySaid() {
    kms.authority.app = new Decision.Denied("compose hash not allowed");
    for (Enclave each : new Enclave[] {byRoot(), plain()}) {
      RefusalException e = refused(FetchRefusal.DENIED, () -> each.fetch(kms.url()).close());
      assertThat(e.text()).contains("App not allowed: Boot denied: compose hash not allowed");
    }
  }

  @Test
  void waitsForAKmsThatCannotDecideYet() {
    kms.authority.away = true;
    RefusalException e =
        refused(FetchRefusal.KMS_NOT_READY, () -> fetchInOwnTime(byRoot(), kms.url()));
    assertThat(e.code().kind()).isEqualTo(RefusalKind.UNAVAILABLE);
  }

  @Test
  void refusesItsOwnEvidenceIfItIsOverSomethingElse() {
    QuoteSource honest = platform.app();
    QuoteSource lying =
        new QuoteSource() {
          @Override
          public Bytes attest(ReportData reportData) {
            return honest.attest(ReportData.ZERO);
          }

          @Override
          public String vmConfig() {
            return "";
          }
        };
    refuses(FetchRefusal.OWN_EVIDENCE, byRoot().attestedBy(lying));
    assertThat(kms.answers.asked()).doesNotContain("GetAppKeySealed");
  }

  // ---- nobody

  @Test
  void endsInTimeWhenAServerHangs() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String url = "https://127.0.0.1:" + silent.getLocalPort();
      long begin = System.nanoTime();
      RefusalException e =
          refused(
              FetchRefusal.DEADLINE,
              () -> byRoot().within(Duration.ofMillis(700)).fetch(url).close());
      assertThat(e.code().kind()).isEqualTo(RefusalKind.UNAVAILABLE);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }
  }

  @Test
  void saysThatNobodyIsThere() {
    RefusalException e =
        refused(
            ClientRefusal.UNREACHABLE,
            () -> fetchInOwnTime(byRoot(), "https://127.0.0.1:1", "https://127.0.0.1:2"));
    assertThat(e.text()).contains("cannot connect to 127.0.0.1:1");
  }

  private static String flip(String text, String before, int offset) {
    int at = text.indexOf(before) + before.length() + offset;
    char other = text.charAt(at) == '0' ? '1' : '0';
    return text.substring(0, at) + other + text.substring(at + 1);
  }
}
