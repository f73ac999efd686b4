package dstack.kms.core.config;

import dstack.kms.core.bytes.Bytes;
import java.util.Set;
import java.util.function.Function;

/**
 * What this server denies whatever its authority says: {@code [core.auth_api.deny]}. It can only
 * shrink what is allowed.
 *
 * @param apps app ids, 20 bytes each
 * @param composeHashes 32 bytes each
 * @param osImages hashes of OS images, 32 bytes each
 * @param devices device ids, 32 bytes each
 * @param mrAggregated digests over all measurement registers, 32 bytes each
 */
public record DenyConfig(
    Set<Bytes> apps,
    Set<Bytes> composeHashes,
    Set<Bytes> osImages,
    Set<Bytes> devices,
    Set<Bytes> mrAggregated) {
  /** Denies nobody. */
  public static final DenyConfig NOBODY =
      new DenyConfig(Set.of(), Set.of(), Set.of(), Set.of(), Set.of());

  /** Copies the sets. */
  public DenyConfig {
    apps = Set.copyOf(apps);
    composeHashes = Set.copyOf(composeHashes);
    osImages = Set.copyOf(osImages);
    devices = Set.copyOf(devices);
    mrAggregated = Set.copyOf(mrAggregated);
  }

  static DenyConfig read(Section deny) {
    return new DenyConfig(
        hashes(deny, "apps", 20),
        hashes(deny, "compose_hashes", 32),
        hashes(deny, "os_images", 32),
        hashes(deny, "devices", 32),
        hashes(deny, "mr_aggregated", 32));
  }

  private static Set<Bytes> hashes(Section deny, String name, int length) {
    Function<String, Bytes> parse =
        text ->
            ConfigText.hex(text.startsWith("0x") ? text.substring(2) : text, length)
                .orElseThrow(() -> ConfigText.bad("must not hold an empty entry"));
    return Set.copyOf(deny.list(name, parse, Bytes::hex));
  }
}
