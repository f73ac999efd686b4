package dstack.kms.attest.dcap;

import java.util.Arrays;
import java.util.Optional;

/** Intel's word on how current a component is, in order of severity (specification 11 §6.15). */
public enum TcbStatus {
  /** Nothing known is missing. */
  UP_TO_DATE("UpToDate"),
  /** The software must be hardened. */
  SW_HARDENING_NEEDED("SWHardeningNeeded"),
  /** The platform's configuration leaves something open. */
  CONFIGURATION_NEEDED("ConfigurationNeeded"),
  /** Both of these. */
  CONFIGURATION_AND_SW_HARDENING_NEEDED("ConfigurationAndSWHardeningNeeded"),
  /** Updates are missing. */
  OUT_OF_DATE("OutOfDate"),
  /** Updates are missing and the configuration leaves something open. */
  OUT_OF_DATE_CONFIGURATION_NEEDED("OutOfDateConfigurationNeeded"),
  /** Never to be trusted. */
  REVOKED("Revoked");

  private final String text;

  TcbStatus(String text) {
    this.text = text;
  }

  /** The word in collateral and in authorization requests. */
  public String text() {
    return text;
  }

  /** The status of that word; empty for a word that is not known. */
  public static Optional<TcbStatus> of(String text) {
    return Arrays.stream(values()).filter(status -> status.text.equals(text)).findFirst();
  }

  /** The more severe of the two. */
  TcbStatus orWorse(TcbStatus other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /**
   * The two under Intel's convergence: something out of date beside something that needs
   * configuration needs both, otherwise the more severe (specification 11 §11).
   */
  TcbStatus convergedWith(TcbStatus other) {
    TcbStatus worse = orWorse(other);
    boolean configuration = needsConfiguration() || other.needsConfiguration();
    return worse == OUT_OF_DATE && configuration ? OUT_OF_DATE_CONFIGURATION_NEEDED : worse;
  }

  private boolean needsConfiguration() {
    return this == CONFIGURATION_NEEDED || this == CONFIGURATION_AND_SW_HARDENING_NEEDED;
  }
}
