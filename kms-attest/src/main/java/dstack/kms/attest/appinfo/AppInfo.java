package dstack.kms.attest.appinfo;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.ComposeHash;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * Identity and measurements of one workload (specification 12 §7). Identities may have any length
 * here, empty included; {@link #toBootInfo} is where they must be of the right one.
 *
 * @param appId payload of the event {@code app-id}
 * @param composeHash payload of the event {@code compose-hash}
 * @param instanceId payload of the event {@code instance-id}
 * @param deviceId SHA-256 of the platform's raw id, 32 bytes
 * @param mrSystem 32 bytes
 * @param mrAggregated 32 bytes
 * @param osImageHash the VM configuration's claim
 * @param keyProviderInfo payload of the event {@code key-provider}; empty at the boot point
 * @param initScriptHashes payloads of the events {@code init-script-hash}, in order
 */
public record AppInfo(
    Bytes appId,
    Bytes composeHash,
    Bytes instanceId,
    Bytes deviceId,
    Bytes mrSystem,
    Bytes mrAggregated,
    Bytes osImageHash,
    Bytes keyProviderInfo,
    List<Bytes> initScriptHashes) {
  private static final int HASH_LENGTH = 32;

  public AppInfo {
    initScriptHashes = List.copyOf(initScriptHashes);
  }

  /**
   * What an authority is asked about. Refuses an app id of other than 20 bytes, a compose hash or
   * (non-empty) OS image hash of other than 32, an instance id of other than 20 or none, so that no
   * authority ever pads one identity into another.
   */
  public BootInfo toBootInfo(TeeVariant variant, String tcbStatus, List<String> advisoryIds) {
    AppId app = new AppId(appId);
    ComposeHash compose = new ComposeHash(composeHash);
    InstanceId instance = new InstanceId(instanceId);
    if (!osImageHash.isEmpty() && osImageHash.length() != HASH_LENGTH) {
      throw new RefusalException(
          AppInfoRefusal.OS_IMAGE_HASH_LENGTH, "os_image_hash must be 32 bytes or empty");
    }
    return new BootInfo(
        variant,
        mrAggregated,
        osImageHash,
        mrSystem,
        app,
        compose,
        instance,
        deviceId,
        keyProviderInfo,
        tcbStatus,
        advisoryIds);
  }
}
