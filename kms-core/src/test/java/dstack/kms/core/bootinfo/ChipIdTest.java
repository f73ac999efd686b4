package dstack.kms.core.bootinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChipIdTest {
  private static final Bytes CHIP = Bytes.fromHex("ab".repeat(64));

  @Test
  void announcesTheHashWhereThereIsNoChipId() {
    BootInfo info = of(Bytes.zeros(32));

    assertThat(info.announcedDeviceId()).isEqualTo(Bytes.zeros(32));
    assertThat(info.chipId()).isEmpty();
  }

  @Test
  void announcesTheChipIdAndKeepsItsHash() {
    BootInfo info = of(Digests.sha256(CHIP)).withChipId(CHIP);

    assertThat(info.announcedDeviceId()).isEqualTo(CHIP);
    assertThat(info.deviceId()).isEqualTo(Digests.sha256(CHIP));
    assertThat(BootInfoJson.encode(info).utf8Text()).contains("\"deviceId\":\"" + CHIP + "\"");
  }

  @Test
  void t33_refusesChipIdOfAnotherDevice() {
    BootInfo info = of(Digests.sha256(CHIP));

    assertThatThrownBy(() -> info.withChipId(Bytes.zeros(64)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static BootInfo of(Bytes deviceId) {
    return new BootInfo(
        TeeVariant.SEV_SNP,
        Bytes.zeros(32),
        Bytes.zeros(32),
        Bytes.zeros(32),
        new AppId(Bytes.zeros(20)),
        new ComposeHash(Bytes.zeros(32)),
        new InstanceId(Bytes.EMPTY),
        deviceId,
        Bytes.EMPTY,
        "UpToDate",
        List.of());
  }
}
