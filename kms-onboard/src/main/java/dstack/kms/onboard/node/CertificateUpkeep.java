package dstack.kms.onboard.node;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.health.ReadyCheck.Finding;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the renewal of certificates goes: what {@code /ready} and {@code /metrics} say about it. */
final class CertificateUpkeep {
  /** A certificate that ends within this time makes a node unready that cannot renew it. */
  static final Duration ABOUT_TO_END = Duration.ofDays(1);

  private final Supplier<Map<String, Instant>> validUntil;
  private final InstantSource clock;
  private final AtomicLong failures = new AtomicLong();
  private volatile Instant renewed;
  private volatile @Nullable String problem;

  /**
   * @param validUntil when each certificate in use ends; they were renewed just now
   * @param clock tells what is about to end
   */
  CertificateUpkeep(Supplier<Map<String, Instant>> validUntil, InstantSource clock) {
    this.validUntil = validUntil;
    this.clock = clock;
    renewed = clock.instant();
  }

  /** Makes one attempt; its refusal is remembered and passed on. */
  void attempt(Runnable renewal) {
    try {
      renewal.run();
      renewed = clock.instant();
      problem = null;
    } catch (RefusalException e) {
      failures.incrementAndGet();
      problem =
          "certificates were not renewed at "
              + clock.instant()
              + ": ["
              + e.code().code()
              + "] "
              + e.text()
              + "; the node goes on with those of "
              + renewed
              + " and tries again";
      throw e;
    }
  }

  /** Whether what is in use holds, and goes on holding if nothing succeeds for a day. */
  Finding finding() {
    Instant end = validUntil.get().values().stream().min(Instant::compareTo).orElseThrow();
    if (!clock.instant().isBefore(end)) {
      return Finding.bad("a certificate ended at " + end);
    }
    boolean ends = !clock.instant().plus(ABOUT_TO_END).isBefore(end);
    return ends && problem != null
        ? Finding.bad("a certificate ends at " + end + " and could not be renewed")
        : Finding.good("valid until " + end + ", renewed " + renewed);
  }

  /** What the operator should know, if the last attempt failed. */
  List<String> notes() {
    String failed = problem;
    return failed == null ? List.of() : List.of(failed);
  }

  void showIn(NodeMetrics metrics) {
    metrics.gauge(
        "kms_certificates_valid_seconds",
        "Seconds until the first of the node's certificates ends.",
        () -> left().values().stream().min(Double::compare).orElseThrow());
    metrics.gauge(
        "kms_certificate_valid_seconds",
        "Seconds until each of the node's certificates ends.",
        "certificate",
        this::left);
    metrics.gauge(
        "kms_certificates_renewed_timestamp_seconds",
        "When the node's certificates were renewed, in Unix time.",
        () -> (double) renewed.getEpochSecond());
    metrics.counter(
        "kms_certificate_renewal_failures_total",
        "Failed attempts to renew the node's certificates.",
        () -> (double) failures.get());
  }

  private Map<String, Double> left() {
    Map<String, Double> left = new LinkedHashMap<>();
    validUntil
        .get()
        .forEach(
            (name, end) ->
                left.put(name, (double) Duration.between(clock.instant(), end).toSeconds()));
    return left;
  }
}
