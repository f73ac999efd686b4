package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.machine.MachineRefusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** When certificates that cannot be renewed make a node unready. */
class CertificateUpkeepTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final Instant END = START.plus(Duration.ofDays(30));

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final CertificateUpkeep upkeep =
      new CertificateUpkeep(
          () -> Map.of("root-ca", END.plus(Duration.ofDays(999)), "rpc", END), now::get);

  private void fail() {
    assertThatThrownBy(
            () ->
                upkeep.attempt(
                    () -> {
                      throw new RefusalException(MachineRefusal.OWN_EVIDENCE, "no agent");
                    }))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void isReadyWithAFailureWhileTheCertificateLasts() {
    fail();
    assertThat(upkeep.finding().ok()).isTrue();
    assertThat(upkeep.notes()).singleElement().asString().contains("[node-own-evidence] no agent");
  }

  @Test
  void isNotReadyWithAFailureOnTheLastDay() {
    fail();
    now.set(END.minus(CertificateUpkeep.ABOUT_TO_END).minusSeconds(1));
    assertThat(upkeep.finding().ok()).isTrue();
    now.set(END.minus(CertificateUpkeep.ABOUT_TO_END));
    assertThat(upkeep.finding().ok()).isFalse();
    assertThat(upkeep.finding().text()).contains("ends at " + END);
  }

  @Test
  void isReadyOnTheLastDayWithoutAFailure() {
    now.set(END.minusSeconds(1));
    assertThat(upkeep.finding().ok()).isTrue();
  }

  @Test
  void isNotReadyAfterTheEnd() {
    now.set(END);
    assertThat(upkeep.finding().ok()).isFalse();
  }

  @Test
  void forgetsTheFailureOnceItWorks() {
    fail();
    upkeep.attempt(() -> {});
    assertThat(upkeep.notes()).isEmpty();
  }
}
