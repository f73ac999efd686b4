package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How evidence is verified: {@code [core.attestation]}.
 *
 * @param externalTrustAnchors whether {@code rootCa} may replace the vendors' roots
 * @param rootCa one certificate file for each replaced root; empty unless allowed
 * @param pccs where collateral is fetched, tried in this order; never empty
 * @param amdKds where AMD's certificates are fetched
 * @param collateral how collateral is kept
 * @param gcp how evidence of Google Cloud is judged
 * @param nitro how Nitro attestation documents are judged
 * @param snp how SEV-SNP reports are judged
 */
public record AttestationConfig(
    boolean externalTrustAnchors,
    Map<TrustAnchor, Path> rootCa,
    List<EndpointUrl> pccs,
    EndpointUrl amdKds,
    CollateralConfig collateral,
    GcpEvidenceConfig gcp,
    NitroEvidenceConfig nitro,
    SnpEvidenceConfig snp) {

  private static final String DEFAULT_PCCS = "https://pccs.phala.network";
  private static final String DEFAULT_KDS = "https://kdsintf.amd.com/vcek/v1";

  public AttestationConfig {
    rootCa = Map.copyOf(rootCa);
    pccs = List.copyOf(pccs);
  }

  /**
   * How collateral is kept.
   *
   * @param cacheDir where it survives a restart; empty keeps it in memory only
   * @param maxAge how old it may be beside the vendor's own next-update; empty for no such bound
   * @param deadline how long one fetch may take in all
   */
  public record CollateralConfig(
      Optional<Path> cacheDir, Optional<Duration> maxAge, Duration deadline) {
    private static CollateralConfig read(Section collateral) {
      return new CollateralConfig(
          collateral.paths().optional("cache_dir"),
          collateral.durationOrNever("max_age", Optional.empty()),
          collateral.deadline("deadline", Duration.ofSeconds(10)));
    }
  }

  /** What applies where nothing is configured. */
  public static AttestationConfig defaults() {
    return KmsConfig.load(ConfigSources.none()).attestation();
  }

  static AttestationConfig read(Section core) {
    Section attestation = core.table("attestation");
    boolean allowed = attestation.flag("insecure_allow_external_trust_anchors", false);
    Map<TrustAnchor, Path> rootCa = rootCa(attestation.table("root_ca"));
    if (!rootCa.isEmpty() && !allowed) {
      throw new RefusalException(
          ConfigRefusal.CONTRADICTION,
          "external attestation trust anchors are configured but"
              + " insecure_allow_external_trust_anchors is false");
    }
    // The pinned version's key; a file that carries it goes on fetching from the same place.
    List<EndpointUrl> pccs =
        core.urls().several("pccs_url", List.of(EndpointUrl.parse(DEFAULT_PCCS)));
    Section urls = attestation.table("urls");
    return new AttestationConfig(
        allowed,
        rootCa,
        urls.urls().several("pccs", pccs),
        urls.urls().one("amd_kds", DEFAULT_KDS),
        CollateralConfig.read(attestation.table("collateral")),
        GcpEvidenceConfig.read(attestation.table("gcp")),
        NitroEvidenceConfig.read(attestation.table("nitro")),
        SnpEvidenceConfig.read(attestation.table("sev_snp")));
  }

  /** A key that is present with an empty path counts as set and names no file. */
  private static Map<TrustAnchor, Path> rootCa(Section section) {
    Map<TrustAnchor, Path> files = new EnumMap<>(TrustAnchor.class);
    for (TrustAnchor anchor : TrustAnchor.values()) {
      section.paths().ifPresent(anchor.key()).ifPresent(file -> files.put(anchor, file));
    }
    return files;
  }
}
