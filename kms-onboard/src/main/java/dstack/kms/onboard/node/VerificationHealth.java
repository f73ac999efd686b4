package dstack.kms.onboard.node;

import dstack.kms.attest.collateral.CollateralAge;
import dstack.kms.rpc.health.ReadyCheck.Finding;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What evidence is verified against: how old it is, and whether more can be had. */
final class VerificationHealth {
  private final Supplier<Verification> verification;
  private final InstantSource clock;

  /**
   * @param verification in use when metrics are read
   * @param clock tells how old things are
   */
  VerificationHealth(Supplier<Verification> verification, InstantSource clock) {
    this.verification = verification;
    this.clock = clock;
  }

  /** Whether kept collateral is in force. */
  Finding finding() {
    Optional<Instant> until = first(CollateralAge::validUntil);
    if (until.isEmpty()) {
      return Finding.good("none was needed yet");
    }
    return clock.instant().isAfter(until.get())
        ? Finding.bad("kept collateral ended at " + until.get() + " and cannot be renewed")
        : Finding.good("valid until " + until.get());
  }

  void showIn(NodeMetrics metrics) {
    metrics.gauge(
        "kms_collateral_valid_seconds",
        "Seconds until the first kept collateral ends.",
        () -> first(CollateralAge::validUntil).map(end -> -since(end)).orElse(Double.NaN));
    metrics.gauge(
        "kms_collateral_age_seconds",
        "Seconds since the oldest document in kept collateral was issued.",
        () -> age(CollateralAge::oldestIssue));
    metrics.gauge(
        "kms_collateral_document_age_seconds",
        "Seconds since the oldest kept document of each kind was issued.",
        "document",
        this::documents);
    metrics.counter(
        "kms_collateral_fetches_total",
        "Attempts to fetch collateral by outcome.",
        "outcome",
        () ->
            counts(
                verification.get().collateral().fetched(),
                verification.get().collateral().failures()));
    images(metrics);
  }

  private void images(NodeMetrics metrics) {
    metrics.counter(
        "kms_image_downloads_total",
        "Downloads of OS images by outcome.",
        "outcome",
        () ->
            counts(
                verification.get().downloads().downloaded(),
                verification.get().downloads().failures()));
    metrics.gauge(
        "kms_image_downloaded_timestamp_seconds",
        "When an OS image was downloaded last, in Unix time.",
        () ->
            verification
                .get()
                .downloads()
                .last()
                .map(at -> (double) at.getEpochSecond())
                .orElse(Double.NaN));
  }

  private Map<String, Double> documents() {
    Map<String, Double> ages = new LinkedHashMap<>();
    ages.put("tcb-info", age(each -> each.issued().tcbInfo()));
    ages.put("qe-identity", age(each -> each.issued().qeIdentity()));
    ages.put("root-crl", age(each -> each.issued().rootCaCrl()));
    ages.put("pck-crl", age(each -> each.issued().pckCrl()));
    return ages;
  }

  private static Map<String, Double> counts(long done, long failed) {
    Map<String, Double> counts = new LinkedHashMap<>();
    counts.put("done", (double) done);
    counts.put("failed", (double) failed);
    return counts;
  }

  private double age(Function<CollateralAge, Instant> issue) {
    return first(issue).map(this::since).orElse(Double.NaN);
  }

  private Optional<Instant> first(Function<CollateralAge, Instant> moment) {
    return verification.get().collateral().ages().stream().map(moment).min(Instant::compareTo);
  }

  private double since(Instant moment) {
    return (double) Duration.between(moment, clock.instant()).toSeconds();
  }
}
