package dstack.kms.client.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.client.ClientRefusal;
import dstack.kms.rpc.client.RpcUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whom an enclave asks, when it asks again, and what it says in the end. */
final class RoundsTest {
  private static final RpcUrl A = RpcUrl.ofKms("https://a.example");
  private static final RpcUrl B = RpcUrl.ofKms("https://b.example");

  private final JumpingTime time = new JumpingTime();
  private final List<String> asked = new ArrayList<>();
  private final List<RefusalCode> script = new ArrayList<>();

  private void run(Duration deadline, RpcUrl... urls) {
    new Rounds(time, new Random(7))
        .run(
            List.of(urls),
            deadline,
            (url, left) -> {
              asked.add(url.host() + " " + left.toMillis());
              RefusalCode code = script.size() > 1 ? script.removeFirst() : script.getFirst();
              throw new RefusalException(code, "said " + code.code());
            });
  }

  private void refuses(RefusalCode code, Duration deadline, RpcUrl... urls) {
    assertThatThrownBy(() -> run(deadline, urls))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).as(e.text()).isEqualTo(code));
  }

  @Test
  void asksEachOnceWhenAllRefuse() {
    script.add(FetchRefusal.DENIED);
    script.add(FetchRefusal.OTHER_ROOT_CA);
    refuses(FetchRefusal.DENIED, Duration.ofSeconds(60), A, B);
    assertThat(asked).containsExactly("a.example 20000", "b.example 20000");
    assertThat(time.pauses).isEmpty();
  }

  @Test
  void leavesEachServerItsShareWhenThoseBeforeItHang() {
    List<Duration> shares = new ArrayList<>();
    assertThatThrownBy(
            () ->
                new Rounds(time, new Random(7))
                    .run(
                        List.of(A, B, A),
                        Duration.ofSeconds(30),
                        (url, left) -> {
                          shares.add(left);
                          time.pass(shares.size() == 1 ? left : left.dividedBy(2));
                          throw FetchRefusal.DEADLINE.because(url.host() + " hangs");
                        }))
        .isInstanceOf(RefusalException.class);
    assertThat(shares.subList(0, 3))
        .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(15));
  }

  @Test
  void asksAgainWhereASingleServerHangs() {
    script.add(FetchRefusal.DEADLINE);
    refuses(FetchRefusal.DEADLINE, Duration.ofSeconds(3), A);
    assertThat(asked.size()).isGreaterThan(1);
  }

  @Test
  void asksAgainWithLongerPausesWhileOneIsNotThere() {
    script.add(ClientRefusal.UNREACHABLE);
    refuses(ClientRefusal.UNREACHABLE, Duration.ofSeconds(60), A);
    assertThat(time.pauses.size()).isBetween(6, 10);
    for (int i = 0; i < time.pauses.size(); i++) {
      Duration most = Duration.ofSeconds(Math.min(15, 1L << i));
      assertThat(time.pauses.get(i)).isBetween(most.dividedBy(2), most);
    }
    assertThat(Duration.ofNanos(time.now())).isLessThanOrEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void saysWhatAServerRefusedRatherThanThatAnotherIsNotThere() {
    script.add(ClientRefusal.UNREACHABLE);
    script.add(FetchRefusal.OTHER_ROOT_CA);
    script.add(ClientRefusal.UNREACHABLE);
    refuses(FetchRefusal.OTHER_ROOT_CA, Duration.ofMillis(300), A, B);
  }

  @Test
  void saysWhatWasSaidBeforeTheTimeWasOver() {
    script.add(FetchRefusal.KMS_CHANGED);
    script.add(FetchRefusal.DEADLINE);
    refuses(FetchRefusal.KMS_CHANGED, Duration.ofSeconds(2), A);
  }

  @Test
  void asksNobodyOnceTheTimeIsOver() {
    script.add(ClientRefusal.UNREACHABLE);
    assertThatThrownBy(
            () ->
                new Rounds(time, new Random(7))
                    .run(
                        List.of(A, B),
                        Duration.ofSeconds(5),
                        (url, left) -> {
                          asked.add(url.host());
                          time.pass(Duration.ofSeconds(6));
                          throw new RefusalException(ClientRefusal.UNREACHABLE, "hangs");
                        }))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.text()).isEqualTo("no keys within 5 s: hangs"));
    assertThat(asked).containsExactly("a.example");
  }
}
