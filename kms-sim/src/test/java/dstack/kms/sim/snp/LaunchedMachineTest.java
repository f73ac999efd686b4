package dstack.kms.sim.snp;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against the vectors of specification 16 §5, which were computed by other programs. */
final class LaunchedMachineTest {
  @Test
  void digestIsThatOfTheSyntheticVector() {
    SnpImage image =
        new SnpImage(
            "console=ttyS0 dstack.rootfs_hash=" + "33".repeat(32),
            Bytes.fromHex("44".repeat(48)),
            Bytes.fromHex("55".repeat(32)),
            Bytes.fromHex("66".repeat(32)),
            0x801000,
            0xfffffff0L,
            List.of(
                new LaunchSection(0x100000, 0x2000, 1),
                new LaunchSection(0x800000, 0x1000, 0x10),
                new LaunchSection(0x810000, 0x1000, 2),
                new LaunchSection(0x820000, 0x1000, 3)));
    assertThat(new LaunchedMachine(image, 2, 0x800f12, 1).measurement())
        .isEqualTo(
            Bytes.fromHex(
                "88b48404819692fd2a5068f1a07bf1973bbcaa1314adc670"
                    + "705f9388762a759faf889f8e2c71fe1ec892554415257960"));
  }

  @Test
  void everyInputOfTheLaunchCounts() {
    SnpImage image = SnpImage.of(Bytes.fromHex("01"));
    assertThat(
            List.of(
                new LaunchedMachine(image, 1, 0x800f12, 1).measurement(),
                new LaunchedMachine(image, 2, 0x800f12, 1).measurement(),
                new LaunchedMachine(image, 1, 0xa00f11, 1).measurement(),
                new LaunchedMachine(image, 1, 0x800f12, 2).measurement(),
                new LaunchedMachine(SnpImage.of(Bytes.EMPTY), 1, 0x800f12, 1).measurement()))
        .doesNotHaveDuplicates();
  }

  @Test
  void hostDataIsTheTaggedHashOfTheConfiguration() {
    MrConfigText config =
        MrConfigText.of(
            Bytes.fromHex("aa".repeat(20)),
            Bytes.fromHex("bb".repeat(32)),
            Bytes.EMPTY,
            Bytes.utf8("{\"name\":\"local-sgx\",\"id\":\"cc\"}"));
    assertThat(config.json())
        .isEqualTo(
            "{\"version\":3,\"app_id\":\""
                + "aa".repeat(20)
                + "\",\"compose_hash\":\""
                + "bb".repeat(32)
                + "\",\"key_provider\":\"local\",\"key_provider_id\":\"cc\"}");
    assertThat(config.hostData())
        .isEqualTo(Digests.sha256(Bytes.utf8("dstack-mr-config-v3:\0" + config.json())));
  }
}
