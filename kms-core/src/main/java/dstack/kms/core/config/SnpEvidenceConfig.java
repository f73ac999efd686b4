package dstack.kms.core.config;

import dstack.kms.core.bytes.Bytes;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How SEV-SNP reports are judged beyond the fixed rules: {@code [core.attestation.sev_snp]}.
 *
 * @param products the families whose reports are taken; none takes none
 * @param aliasCheck whether the platform must have completed its check for memory aliases
 * @param singleSocket whether the guest's policy must keep it on one socket
 * @param kdsDeadline how long AMD may take to answer in all
 * @param minimumTcb the oldest components that are taken, where there is a limit
 * @param idKeys of the keys of which one must have signed the guest's identity block, the SHA-384;
 *     empty if that is not asked
 * @param authorKeys of the keys of which one must have signed that key, likewise
 */
public record SnpEvidenceConfig(
    Set<SnpFamily> products,
    boolean aliasCheck,
    boolean singleSocket,
    Duration kdsDeadline,
    Map<SnpFamily, Floor> minimumTcb,
    List<Bytes> idKeys,
    List<Bytes> authorKeys) {
  /** Length of a key's digest in bytes. */
  private static final int KEY_DIGEST = 48;

  /**
   * The lowest version of each component, from 0 (any) to 255.
   *
   * @param fmc of Turin only
   * @param bootloader the secure processor's boot loader
   * @param tee the secure processor's operating system
   * @param snp the SNP firmware
   * @param microcode the patch level
   */
  public record Floor(int fmc, int bootloader, int tee, int snp, int microcode) {
    /** Takes every version. */
    public static final Floor NONE = new Floor(0, 0, 0, 0, 0);

    private static Floor read(Section section, SnpFamily family) {
      return new Floor(
          family == SnpFamily.TURIN ? component(section, "fmc") : 0,
          component(section, "bootloader"),
          component(section, "tee"),
          component(section, "snp"),
          component(section, "microcode"));
    }

    private static int component(Section section, String name) {
      return section.number(name, 0, 0, 255);
    }
  }

  public SnpEvidenceConfig {
    products = Set.copyOf(products);
    minimumTcb = Map.copyOf(minimumTcb);
    idKeys = List.copyOf(idKeys);
    authorKeys = List.copyOf(authorKeys);
  }

  /** What applies where nothing is configured. */
  public static SnpEvidenceConfig defaults() {
    return new SnpEvidenceConfig(
        Set.of(SnpFamily.values()),
        true,
        false,
        Duration.ofSeconds(10),
        Map.of(),
        List.of(),
        List.of());
  }

  /** The floor of a family. */
  public Floor minimumTcb(SnpFamily family) {
    return Objects.requireNonNullElse(minimumTcb.get(family), Floor.NONE);
  }

  static SnpEvidenceConfig read(Section section) {
    Map<SnpFamily, Floor> floors = new EnumMap<>(SnpFamily.class);
    for (SnpFamily family : SnpFamily.values()) {
      Section table = section.table("minimum_tcb").table(family.word());
      Floor floor = Floor.read(table, family);
      if (!floor.equals(Floor.NONE)) {
        floors.put(family, floor);
      }
    }
    return new SnpEvidenceConfig(
        Set.copyOf(section.words("products", List.of(SnpFamily.values()))),
        section.flag("alias_check", true),
        section.flag("single_socket", false),
        section.deadline("kds_deadline", Duration.ofSeconds(10)),
        floors,
        section.list("id_keys", SnpEvidenceConfig::keyDigest, Bytes::hex),
        section.list("author_keys", SnpEvidenceConfig::keyDigest, Bytes::hex));
  }

  /** Zeros stand in a report where no key signed. */
  private static Bytes keyDigest(String text) {
    return ConfigText.hex(text, KEY_DIGEST)
        .filter(digest -> !digest.isAllZero())
        .orElseThrow(() -> ConfigText.bad("must be SHA-384 digests of keys"));
  }
}
