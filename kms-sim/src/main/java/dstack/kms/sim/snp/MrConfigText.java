package dstack.kms.sim.snp;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The configuration to which the host data of a launch is bound (specification 16 §6). */
public record MrConfigText(String json) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Bytes TAG = Bytes.utf8("dstack-mr-config-v3:\0");

  /**
   * The configuration of a guest.
   *
   * @param instanceId 20 bytes or none
   * @param keyProvider what the guest says about its key provider: JSON with {@code name}, {@code
   *     id}
   */
  public static MrConfigText of(
      Bytes appId, Bytes composeHash, Bytes instanceId, Bytes keyProvider) {
    JsonNode provider = JSON.readTree(keyProvider.utf8Text());
    String name = provider.path("name").asString("none");
    ObjectNode document = JSON.createObjectNode();
    document.put("version", 3);
    document.put("app_id", appId.hex());
    document.put("compose_hash", composeHash.hex());
    document.put("key_provider", name.equals("local-sgx") ? "local" : name);
    document.put("key_provider_id", provider.path("id").asString(""));
    if (!instanceId.isEmpty()) {
      document.put("instance_id", instanceId.hex());
    }
    return new MrConfigText(JSON.writeValueAsString(document));
  }

  /** Thirty-two bytes. */
  public Bytes hostData() {
    return Digests.sha256(TAG, Bytes.utf8(json));
  }
}
