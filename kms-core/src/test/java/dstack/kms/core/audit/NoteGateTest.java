package dstack.kms.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** T-45: how many refusals are recorded, of all and of one device. */
class NoteGateTest {
  private static final Optional<Bytes> ONE = Optional.of(Bytes.fromHex("01".repeat(32)));
  private static final Optional<Bytes> OTHER = Optional.of(Bytes.fromHex("02".repeat(32)));

  private Instant now = Instant.parse("2026-06-01T12:00:00.250Z");
  private final NoteGate gate = new NoteGate(() -> now, 100);

  private int admitted(int tries, Optional<Bytes> device) {
    int admitted = 0;
    for (int i = 0; i < tries; i++) {
      admitted += gate.admits(device) ? 1 : 0;
    }
    return admitted;
  }

  private void pass(int seconds) {
    now = now.plusSeconds(seconds);
  }

  @Test
  void t45_oneDeviceHasSixtyInAMinuteAndLeavesTheRestToOthers() {
    assertThat(admitted(1000, ONE)).isEqualTo(60);
    assertThat(admitted(30, OTHER)).isEqualTo(30);
    assertThat(admitted(1000, Optional.empty())).isEqualTo(10);
    pass(59);
    assertThat(admitted(1000, ONE)).isZero();
    assertThat(admitted(30, OTHER)).isEqualTo(30);
    pass(1);
    assertThat(admitted(1000, ONE)).isEqualTo(60);
    assertThat(gate.total()).isEqualTo(940 + 990 + 1000 + 940);
  }

  @Test
  void whatIsLeftOutInAllIsNotCountedAgainstADevice() {
    assertThat(admitted(1000, Optional.empty())).isEqualTo(100);
    assertThat(admitted(1000, ONE)).isZero();
    pass(1);
    assertThat(admitted(1000, ONE)).isEqualTo(60);
  }

  @Test
  void saysHowManyWereLeftOutOnceInAMinute() {
    assertThat(gate.take()).isZero();
    admitted(61, ONE);
    assertThat(gate.take()).isZero();
    pass(59);
    admitted(1, ONE);
    assertThat(gate.take()).isZero();
    pass(1);
    assertThat(gate.take()).isEqualTo(2);
    assertThat(gate.take()).isZero();
    gate.leaveOut(5);
    assertThat(gate.takeAll()).isEqualTo(5);
  }
}
