package dstack.kms.core.authority;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.ComposeHash;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** Boot infos as specification 04 §7.2 shows one: each field filled with its own digit. */
final class BootInfos {
  private BootInfos() {}

  static BootInfo example() {
    return of(repeated(2, 32), repeated(7, 32), "UpToDate", List.of());
  }

  static BootInfo example(TeeVariant platform) {
    return of(platform, repeated(2, 32), repeated(7, 32), "UpToDate", List.of());
  }

  static BootInfo of(Bytes osImageHash, Bytes deviceId, String tcbStatus, List<String> advisories) {
    return of(TeeVariant.TDX, osImageHash, deviceId, tcbStatus, advisories);
  }

  private static BootInfo of(
      TeeVariant platform,
      Bytes osImageHash,
      Bytes deviceId,
      String tcbStatus,
      List<String> advisories) {
    return new BootInfo(
        platform,
        repeated(1, 32),
        osImageHash,
        repeated(3, 32),
        new AppId(repeated(4, 20)),
        new ComposeHash(repeated(5, 32)),
        new InstanceId(repeated(6, 20)),
        deviceId,
        repeated(8, 2),
        tcbStatus,
        advisories);
  }

  static Bytes repeated(int value, int length) {
    return Bytes.fromHex(("0" + value).repeat(length));
  }
}
