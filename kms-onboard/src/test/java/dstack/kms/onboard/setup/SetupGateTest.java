package dstack.kms.onboard.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** T-07: one set-up procedure at a time, whichever it is. */
@Timeout(60)
class SetupGateTest {
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  private String first(SetupGate gate) {
    return gate.during(
        "bootstrap",
        () -> {
          inside.countDown();
          await(goOn);
          return "first";
        });
  }

  @Test
  void t07_refusesASecondProcedureAndSaysWhatIsUnderWay() {
    SetupGate gate = new SetupGate(Duration.ofMillis(1));
    CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> first(gate));
    await(inside);

    assertThatThrownBy(() -> gate.during("restore", () -> "second"))
        .isInstanceOf(RefusalException.class)
        .hasMessage("another set-up of this KMS is under way: bootstrap");

    goOn.countDown();
    assertThat(first.join()).isEqualTo("first");
    assertThat(gate.during("restore", () -> "third")).isEqualTo("third");
  }

  @Test
  void t07_letsASecondProcedureWaitForTheFirst() {
    SetupGate gate = new SetupGate(Duration.ofMinutes(1));
    CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> first(gate));
    await(inside);
    CompletableFuture<Boolean> second =
        CompletableFuture.supplyAsync(() -> gate.during("replication", first::isDone));

    goOn.countDown();

    assertThat(first.join()).isEqualTo("first");
    assertThat(second.join()).isNotNull();
  }

  @Test
  void isOpenAgainAfterAFailure() {
    SetupGate gate = new SetupGate(Duration.ZERO);
    assertThatThrownBy(
            () ->
                gate.during(
                    "bootstrap",
                    () -> {
                      throw new RefusalException(SetupRefusal.NOT_ALLOWED, "no");
                    }))
        .hasMessage("no");
    assertThat(gate.during("bootstrap", () -> 1)).isEqualTo(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
