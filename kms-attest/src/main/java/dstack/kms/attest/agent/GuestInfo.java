package dstack.kms.attest.agent;

import dstack.kms.attest.json.JsonObject;
import dstack.kms.core.bytes.Bytes;

/**
 * What the agent says about this machine. Nothing in it is evidence.
 *
 * @param appId the application's id
 * @param instanceId the instance's id
 * @param osImageHash the hash that the configuration claims
 * @param vmConfig the VM's configuration, JSON; empty if the agent does not tell
 * @param cloudVendor the cloud's name
 * @param cloudProduct the product's name
 */
public record GuestInfo(
    Bytes appId,
    Bytes instanceId,
    Bytes osImageHash,
    String vmConfig,
    String cloudVendor,
    String cloudProduct) {

  static GuestInfo of(JsonObject answer) {
    return new GuestInfo(
        bytes(answer, "app_id"),
        bytes(answer, "instance_id"),
        bytes(answer, "os_image_hash"),
        answer.textOr("vm_config", ""),
        answer.textOr("cloud_vendor", ""),
        answer.textOr("cloud_product", ""));
  }

  private static Bytes bytes(JsonObject answer, String name) {
    return answer.has(name) ? answer.prefixedHex(name) : Bytes.EMPTY;
  }
}
