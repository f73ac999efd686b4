package dstack.kms.rpc.kms;

import dstack.kms.core.bootinfo.BootInfo;

/** The permission to release the keys of one workload. Only {@link Authorization} makes one. */
final class KeyGrant {
  private final BootInfo bootInfo;
  private final String gatewayAppId;

  KeyGrant(BootInfo bootInfo, String gatewayAppId) {
    this.bootInfo = bootInfo;
    this.gatewayAppId = gatewayAppId;
  }

  /** The identity that the keys belong to. */
  BootInfo bootInfo() {
    return bootInfo;
  }

  /** The gateway as the authority names it. */
  String gatewayAppId() {
    return gatewayAppId;
  }
}
