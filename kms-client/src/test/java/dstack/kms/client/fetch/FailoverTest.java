package dstack.kms.client.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.client.testing.Enclave;
import dstack.kms.client.testing.Hostile;
import dstack.kms.client.testing.ServerKind;
import dstack.kms.client.testing.TestKms;
import dstack.kms.client.testing.TestPlatform;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import dstack.kms.rpc.client.ClientRefusal;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.testkit.LogCapture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Several servers on real sockets, of which the first is of no use in each way that there is. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FailoverTest {
  private static final String DOWN = "https://127.0.0.1:1";
  private static final Duration TIME = Duration.ofSeconds(8);

  private TestPlatform platform;
  private TestKms kms;

  @BeforeAll
  void start(@TempDir Path folder) {
    TlsDefaults.apply();
    platform = new TestPlatform(folder);
    kms = new TestKms(platform, 0, ServerKind.ORDINARY);
  }

  @AfterAll
  void stop() {
    kms.close();
  }

  @BeforeEach
  void allow() {
    kms.authority.app = new Decision.Allowed("gateway-1");
  }

  private Enclave enclave() {
    return new Enclave(platform).trustingRoot(kms.rootCa()).within(TIME);
  }

  private void getsKeys(String... urls) {
    try (Fetched fetched = enclave().fetch(urls)) {
      assertThat(fetched.keys().kms().url()).isEqualTo(kms.url() + "/prpc");
      assertThat(fetched.sealed()).isTrue();
    }
  }

  private void refused(RefusalCode code, String... urls) {
    assertThatThrownBy(() -> enclave().fetch(urls).close())
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).as(e.text()).isEqualTo(code));
  }

  static Stream<Named<Supplier<Hostile>>> nobodies() {
    return Stream.of(
        Named.of("silent", Hostile::silent),
        Named.of("drips a handshake", Hostile::dripping),
        Named.of("hangs up", Hostile::hangingUp),
        Named.of("speaks HTTP without TLS", () -> Hostile.answering("HTTP/1.1 200 OK\r\n\r\n{}")),
        Named.of("speaks SSH", () -> Hostile.answering("SSH-2.0-OpenSSH_9.2\r\n")),
        Named.of("alerts", () -> Hostile.saying(new byte[] {21, 3, 3, 0, 2, 2, 40})),
        Named.of("zeros", () -> Hostile.saying(new byte[4096])));
  }

  @ParameterizedTest
  @MethodSource("nobodies")
  void goesOnToTheNextWhenTheFirstIsNoServer(Supplier<Hostile> first) {
    try (Hostile nobody = first.get()) {
      getsKeys(nobody.url(), kms.url());
    }
  }

  @Test
  void goesOnToTheNextWhenNobodyListensOrTheNameLeadsNowhere() {
    getsKeys(DOWN, "https://kms.invalid", kms.url());
  }

  @ParameterizedTest
  @MethodSource("answers")
  void goesOnToTheNextWhenAKmsUnderTheRootAnswersGarbage(int status, String text) {
    try (TestKms first = new TestKms(platform, 0, ServerKind.ORDINARY)) {
      for (String method : new String[] {"GetTempCaCert", "GetAppKeySealed"}) {
        first.answers.instead(method, status, text);
        getsKeys(first.url(), kms.url());
      }
    }
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of(200, "<html>welcome</html>"),
        Arguments.of(200, ""),
        Arguments.of(500, "panic"),
        Arguments.of(302, "elsewhere"),
        Arguments.of(200, "x".repeat(2 << 20)));
  }

  @Test
  void goesOnToTheNextWhenAKmsUnderTheRootNeverAnswers() {
    CountDownLatch never = new CountDownLatch(1);
    try (TestKms first = new TestKms(platform, 0, ServerKind.ORDINARY)) {
      first.answers.instead(
          "GetTempCaCert",
          _ -> {
            try {
              never.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("over");
          });
      getsKeys(first.url(), kms.url());
      never.countDown();
    }
  }

  /** Whoever can stand before one name must not keep an enclave from its keys; but it is said. */
  @Test
  void t19_goesOnToTheNextWhenTheFirstIsUnderAnotherRootAskingItForNothing() {
    try (TestKms stranger = new TestKms(platform, 1, ServerKind.ORDINARY);
        LogCapture log = new LogCapture()) {
      getsKeys(stranger.url(), kms.url());
      assertThat(stranger.answers.asked()).isEmpty();
      assertThat(log.lines())
          .filteredOn(line -> line.contains(stranger.url()))
          .singleElement()
          .asString()
          .startsWith("WARN ")
          .contains("[fetch-other-root-ca]");
    }
  }

  @Test
  void goesOnToTheNextWhenTheFirstDenies() {
    try (TestKms first = new TestKms(platform, 0, ServerKind.ORDINARY)) {
      first.authority.app = new Decision.Denied("an older view of the chain");
      getsKeys(first.url(), kms.url());
    }
  }

  @Test
  void neverTakesThePlainAnswerOfTheNextBecauseTheFirstIsOld() {
    try (TestKms old = new TestKms(platform, 0, ServerKind.ORDINARY)) {
      old.answers.forget("GetAppKeySealed");
      refused(FetchRefusal.SEALED_UNKNOWN, old.url(), old.url());
      assertThat(old.answers.asked()).doesNotContain("GetAppKey");
      getsKeys(old.url(), kms.url());
    }
  }

  @Test
  void saysThatNobodyDecidedWhenNobodyDid() {
    try (Hostile silent = Hostile.silent();
        Hostile gone = Hostile.hangingUp()) {
      assertThatThrownBy(() -> enclave().fetch(DOWN, silent.url(), gone.url()).close())
          .isInstanceOfSatisfying(
              RefusalException.class,
              e -> assertThat(e.code().kind()).isEqualTo(RefusalKind.UNAVAILABLE));
    }
    refused(ClientRefusal.UNREACHABLE, DOWN, "https://127.0.0.1:2");
  }

  @Test
  void saysThatSomebodyElseAnsweredEvenIfTheOthersWereNotThere() {
    try (Hostile noise = Hostile.saying(new byte[64])) {
      refused(ClientRefusal.NOT_TLS, DOWN, noise.url());
    }
  }

  @Test
  void saysThatARootWasAnotherEvenIfTheOthersWereNotThere() {
    try (TestKms stranger = new TestKms(platform, 1, ServerKind.ORDINARY)) {
      refused(FetchRefusal.OTHER_ROOT_CA, DOWN, stranger.url());
      refused(FetchRefusal.OTHER_ROOT_CA, stranger.url(), stranger.url());
    }
  }
}
