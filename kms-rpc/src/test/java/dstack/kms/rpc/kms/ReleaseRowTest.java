package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.verify.ImageCheck;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.ComposeHash;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ReleaseConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.testkit.PlatformTable;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The row of {@code docs/reference/platforms.md} about the switches without which no key leaves.
 */
final class ReleaseRowTest {
  static List<PlatformTable.Cell> cells() {
    return PlatformTable.read().cellsOfRelease();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void platformIsReleasedToByDefaultExactlyIfTheTableHasNoCode(PlatformTable.Cell cell) {
    assertThat(refusals(new ReleaseConfig(true, true, false, false), cell)).isEqualTo(cell.codes());
  }

  @ParameterizedTest
  @MethodSource("cells")
  void switchesOpenWhatTheyAreFor(PlatformTable.Cell cell) {
    assertThat(refusals(new ReleaseConfig(true, true, true, true), cell)).isEmpty();
  }

  private static Set<String> refusals(ReleaseConfig release, PlatformTable.Cell cell) {
    Authorization authorization =
        new Authorization(
            new FakeAuthority(),
            release,
            ImageCheck.none(),
            AuditTrail.none(),
            AppQuota.NONE,
            ReleaseWatch.NONE);
    try {
      authorization.requireReleaseTo(bootInfo(variant(cell.platform())));
      return Set.of();
    } catch (RefusalException e) {
      return Set.of(e.code().code());
    }
  }

  private static TeeVariant variant(String platform) {
    return switch (PlatformKind.ofWord(platform).orElseThrow()) {
      case TDX -> TeeVariant.TDX;
      case GCP_TDX -> TeeVariant.GCP_TDX;
      case NITRO -> TeeVariant.NITRO_ENCLAVE;
      case NITRO_TPM -> TeeVariant.AWS_NITRO_TPM;
      case SEV_SNP -> TeeVariant.SEV_SNP;
    };
  }

  private static BootInfo bootInfo(TeeVariant variant) {
    return new BootInfo(
        variant,
        Bytes.zeros(32),
        Bytes.zeros(32),
        Bytes.zeros(32),
        new AppId(Bytes.zeros(20)),
        new ComposeHash(Bytes.zeros(32)),
        new InstanceId(Bytes.EMPTY),
        Bytes.zeros(32),
        Bytes.EMPTY,
        "UpToDate",
        List.of());
  }
}
