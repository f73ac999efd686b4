package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long, and how many, used keys are remembered. */
final class UsedSealingKeysTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final UsedSealingKeys used = new UsedSealingKeys(now::get);

  private static Bytes key(int number) {
    return Bytes.of(ByteBuffer.allocate(32).putInt(28, number).array());
  }

  private void assertUsed(int number) {
    for (Runnable each :
        new Runnable[] {() -> used.requireFresh(key(number)), () -> used.use(key(number))}) {
      assertThatThrownBy(each::run)
          .isInstanceOfSatisfying(
              RefusalException.class,
              e -> assertThat(e.code()).isEqualTo(KmsRefusal.SEALING_KEY_USED));
    }
  }

  private void assertFresh(int number) {
    assertThatCode(() -> used.requireFresh(key(number))).doesNotThrowAnyException();
  }

  @Test
  void takesEachKeyOnce() {
    assertFresh(1);
    assertFresh(1);
    used.use(key(1));
    assertUsed(1);
    assertFresh(2);
  }

  @Test
  void remembersAKeyForADayAlsoWhenTheClockWraps() {
    used.use(key(1));
    now.addAndGet(UsedSealingKeys.AGE.toNanos() - 1);
    assertUsed(1);
    used.use(key(2));
    now.incrementAndGet();
    assertFresh(1);
    assertUsed(2);
  }

  @Test
  void forgetsTheOldestFirstWhenThereAreTooMany() {
    for (int i = 0; i <= UsedSealingKeys.CAPACITY; i++) {
      used.use(key(i));
    }
    assertFresh(0);
    assertUsed(1);
    assertUsed(UsedSealingKeys.CAPACITY);
  }

  @Test
  void letsOneOfManyAtOnceThrough() throws InterruptedException {
    AtomicInteger through = new AtomicInteger();
    Thread[] threads = new Thread[16];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      used.use(key(1));
                      through.incrementAndGet();
                    } catch (RefusalException expected) {
                      // Another was first.
                    }
                  });
    }
    for (Thread each : threads) {
      each.join();
    }
    assertThat(through).hasValue(1);
  }
}
