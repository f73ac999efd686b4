package dstack.kms.cli.authapi;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.ComposeHash;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * What a valid request says, every field in its full width.
 *
 * @param mrAggregated 32 bytes
 * @param osImageHash 32 bytes
 * @param appId 20 bytes
 * @param composeHash 32 bytes
 * @param instanceId 20 bytes
 * @param deviceId 32 bytes
 * @param mrSystem 32 bytes
 * @param tcbStatus as sent
 * @param advisoryIds as sent
 */
record BootRequest(
    Bytes mrAggregated,
    Bytes osImageHash,
    Bytes appId,
    Bytes composeHash,
    Bytes instanceId,
    Bytes deviceId,
    Bytes mrSystem,
    String tcbStatus,
    List<String> advisoryIds) {
  BootRequest {
    advisoryIds = List.copyOf(advisoryIds);
  }

  /** The contract that decides has no place for a platform, so any will do. */
  BootInfo bootInfo() {
    return new BootInfo(
        TeeVariant.TDX,
        mrAggregated,
        osImageHash,
        mrSystem,
        new AppId(appId),
        new ComposeHash(composeHash),
        new InstanceId(instanceId),
        deviceId,
        Bytes.EMPTY,
        tcbStatus,
        advisoryIds);
  }
}
