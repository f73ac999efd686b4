package dstack.kms.attest.snp.launch;

import static dstack.kms.attest.snp.launch.LaunchRefusal.MR_CONFIG;

import dstack.kms.attest.json.JsonObject;
import dstack.kms.attest.json.StrictJson;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration that a guest was launched with, version 3. The report's host data is its hash
 * (specification 16 §6), so it is as good as the report.
 *
 * @param appId 20 bytes
 * @param composeHash 32 bytes
 * @param instanceId 20 bytes, if there is one
 * @param keyProvider who gives the guest its keys
 * @param keyProviderId the key provider's identity, possibly empty
 * @param initScriptHashes 32 bytes each, at most 5
 */
public record MrConfig(
    Bytes appId,
    Bytes composeHash,
    Bytes instanceId,
    KeyProvider keyProvider,
    Bytes keyProviderId,
    List<Bytes> initScriptHashes) {
  private static final int VERSION = 3;
  private static final int MAX_LENGTH = 64 << 10;
  private static final int MAX_INIT_SCRIPTS = 5;
  private static final int HASH = 32;
  private static final int ID = 20;
  private static final Bytes DOMAIN =
      Bytes.concat(Bytes.utf8("dstack-mr-config-v3:"), Bytes.zeros(1));
  private static final Set<String> MEMBERS =
      Set.of(
          "version",
          "app_id",
          "compose_hash",
          "gpu_policy_hash",
          "key_provider",
          "key_provider_id",
          "instance_id",
          "init_script_hashes");

  public MrConfig {
    initScriptHashes = List.copyOf(initScriptHashes);
  }

  /** The host data of a guest that was launched with the document, 32 bytes. */
  public static Bytes hostDataOf(String document) {
    return Digests.sha256(DOMAIN, Bytes.utf8(document));
  }

  /**
   * Reads a document whose hash was compared already. Unknown and repeated names are refused;
   * {@code null} counts as absent where a member may be.
   */
  public static MrConfig parse(String document) {
    if (document.length() > MAX_LENGTH) {
      throw MR_CONFIG.because("mr_config is longer than 64 KiB");
    }
    JsonObject object = object(document);
    if (object.u32Or("version", VERSION) != VERSION) {
      throw MR_CONFIG.because("mr_config.version must be 3");
    }
    optional(object, "gpu_policy_hash", HASH);
    return new MrConfig(
        optional(object, "app_id", ID),
        ofLength("compose_hash", object.hex("compose_hash"), HASH),
        optional(object, "instance_id", ID),
        KeyProvider.named(object.text("key_provider")),
        optionalHex(object, "key_provider_id").orElse(Bytes.EMPTY),
        initScriptHashes(object));
  }

  private static JsonObject object(String document) {
    try {
      JsonObject object = StrictJson.object(document, MR_CONFIG);
      object.requireOnly(MEMBERS);
      return object;
    } catch (RefusalException e) {
      throw e.within("failed to parse mr_config");
    }
  }

  /** The key provider in the form of the event {@code key-provider}. */
  public Bytes keyProviderInfo() {
    return Bytes.utf8(
        "{\"name\":\"" + keyProvider.infoName() + "\",\"id\":\"" + keyProviderId.hex() + "\"}");
  }

  private static Optional<Bytes> optionalHex(JsonObject object, String name) {
    return object.optionalText(name).map(_ -> object.hex(name));
  }

  private static Bytes optional(JsonObject object, String name, int length) {
    Bytes value = optionalHex(object, name).orElse(Bytes.EMPTY);
    return value.isEmpty() ? value : ofLength(name, value, length);
  }

  private static Bytes ofLength(String name, Bytes value, int length) {
    if (value.length() != length) {
      throw MR_CONFIG.because("mr_config." + name + " must be " + length + " bytes");
    }
    return value;
  }

  private static List<Bytes> initScriptHashes(JsonObject object) {
    return object.optionalHexList("init_script_hashes", MAX_INIT_SCRIPTS).stream()
        .map(hash -> ofLength("init_script_hashes", hash, HASH))
        .toList();
  }
}
