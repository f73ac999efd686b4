package dstack.kms.onboard.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.EndpointUrl;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.progress.SetupStep;
import dstack.kms.onboard.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which peer is asked when, with sources that the test makes up. */
@Timeout(120)
class PeerRecoveryTest {
  private static final String A = "https://a.example";
  private static final String B = "https://b.example";
  private static final List<EndpointUrl> PEERS =
      KmsConfig.load(
              ConfigSources.none()
                  .withFlags(
                      Map.of(
                          "core.onboard.peers", A + "," + B, "core.onboard.domain", "n.example")))
          .onboard()
          .peers();
  private static final Bytes IDENTITY = Bytes.of(new byte[33]);

  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final AtomicInteger recovered = new AtomicInteger();
  private final AtomicBoolean keys = new AtomicBoolean();

  private PeerRecovery begin(PeerRecovery.Source source) {
    return PeerRecovery.begin(
        new PeerRecovery.Plan(
            PEERS,
            (url, progress) -> {
              asked.add(url);
              return source.takeFrom(url, progress);
            },
            keys::get,
            recovered::incrementAndGet,
            RandomGenerator.getDefault()));
  }

  private static RefusalException refusal(String text) {
    return new RefusalException(PeersRefusal.FLEET_HAS_KEYS, text);
  }

  @Test
  void takesTheKeysOfTheFirstPeerThatGivesThem() {
    try (PeerRecovery recovery =
        begin(
            (url, _) -> {
              if (url.equals(A)) {
                throw refusal("a says no");
              }
              return IDENTITY;
            })) {
      Eventually.holds("recovered", () -> recovered.get() == 1);

      assertThat(asked).containsExactly(A, B);
      assertThat(recovery.board().text())
          .contains(A + ": [peers-fleet-has-keys] a says no", B + ": gave its keys");
      assertThat(recovery.board().attempts()).containsEntry(A, 1.0).containsEntry(B, 1.0);
    }
  }

  @Test
  void asksAgainUntilOneGivesThem() {
    try (PeerRecovery _ =
        begin(
            (_, _) -> {
              if (asked.size() < 5) {
                throw refusal("not yet");
              }
              return IDENTITY;
            })) {
      Eventually.holds("recovered", () -> recovered.get() == 1);
      assertThat(asked).containsExactly(A, B, A, B, A);
    }
  }

  /** What a peer answers may bring a bug to light; the others have the keys all the same. */
  @Test
  void goesOnAfterAnAttemptThatFailedUnexpectedly() {
    try (PeerRecovery recovery =
        begin(
            (url, _) -> {
              if (url.equals(A)) {
                throw new IllegalStateException("a bug");
              }
              return IDENTITY;
            })) {
      Eventually.holds("recovered", () -> recovered.get() == 1);
      assertThat(asked).containsExactly(A, B);
      assertThat(recovery.board().text())
          .contains(A + ": the attempt failed unexpectedly; the log says more")
          .doesNotContain("a bug");
    }
  }

  @Test
  void asksNobodyOnceThereAreKeysFromElsewhere() {
    try (PeerRecovery _ =
        begin(
            (_, _) -> {
              keys.set(true);
              throw refusal("the operator was faster");
            })) {
      Eventually.holds("asked", () -> asked.size() == 1);
    }
    assertThat(asked).containsExactly(A);
    assertThat(recovered).hasValue(0);
  }

  @Test
  void showsTheStepOfThePeerThatIsAsked() {
    CountDownLatch goOn = new CountDownLatch(1);
    try (PeerRecovery recovery =
        begin(
            (_, progress) -> {
              progress.at(SetupStep.SOURCE_EVIDENCE);
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw refusal("given up");
              }
              return IDENTITY;
            })) {
      Eventually.holds(
          "the step",
          () -> recovery.board().text().contains(A + ": " + SetupStep.SOURCE_EVIDENCE.text()));
      assertThat(recovery.board().text()).contains("now " + A);
    }
    Eventually.holds("asked once", () -> asked.size() == 1);
  }

  @Test
  void pausesLongerEachRoundAndNeverMoreThanHalfAMinute() {
    RandomGenerator random = RandomGenerator.getDefault();
    for (int round = 0; round < 40; round++) {
      Duration whole = Duration.ofSeconds(Math.min(1L << Math.min(round, 5), 30));
      for (int i = 0; i < 50; i++) {
        assertThat(PeerRecovery.length(round, random)).isBetween(whole.dividedBy(2), whole);
      }
    }
  }
}
