package dstack.kms.onboard.testing;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.ComposeHash;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** Boot infos that no evidence stands behind, for tests of what comes after verification. */
public final class BootInfos {
  private BootInfos() {}

  /** One of the right lengths. */
  public static BootInfo any() {
    return new BootInfo(
        TeeVariant.TDX,
        filled(1, 32),
        filled(2, 32),
        filled(3, 32),
        new AppId(filled(4, 20)),
        new ComposeHash(filled(5, 32)),
        new InstanceId(filled(6, 20)),
        filled(7, 32),
        Bytes.EMPTY,
        "UpToDate",
        List.of());
  }

  private static Bytes filled(int value, int length) {
    return Bytes.fromHex("%02x".formatted(value).repeat(length));
  }
}
