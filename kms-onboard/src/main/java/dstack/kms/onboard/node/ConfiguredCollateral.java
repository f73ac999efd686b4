package dstack.kms.onboard.node;

import dstack.kms.attest.collateral.CollateralEndpoint;
import dstack.kms.attest.collateral.CollateralSettings;
import dstack.kms.core.config.AttestationConfig;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.List;

/** How collateral of quotes is kept, as configured. */
final class ConfiguredCollateral {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration REFRESH_AFTER = Duration.ofHours(1);
  private static final Duration BACK_OFF = Duration.ofSeconds(10);
  private static final int CONCURRENT_FETCHES = 16;

  private ConfiguredCollateral() {}

  static CollateralSettings settings(AttestationConfig config) {
    boolean tooShort =
        config
            .collateral()
            .maxAge()
            .filter(age -> age.compareTo(CollateralSettings.MIN_MAX_AGE) < 0)
            .isPresent();
    if (tooShort) {
      throw new RefusalException(
          NodeRefusal.CONFIGURATION,
          "core.attestation.collateral.max_age must be at least 31 days: Intel reissues some"
              + " documents no more often than monthly");
    }
    List<CollateralEndpoint> endpoints =
        config.pccs().stream().map(url -> CollateralEndpoint.of(url.uri().toString())).toList();
    return new CollateralSettings(
        endpoints,
        CONNECT,
        config.collateral().deadline(),
        REFRESH_AFTER,
        BACK_OFF,
        CONCURRENT_FETCHES,
        config.collateral().cacheDir(),
        config.collateral().maxAge());
  }
}
