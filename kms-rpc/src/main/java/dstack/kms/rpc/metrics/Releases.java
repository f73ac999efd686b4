package dstack.kms.rpc.metrics;

import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.bootinfo.TeeVariant;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What left the node, by kind and platform, and when the last of each kind did. */
final class Releases {
  private static final List<AuditKind> KINDS =
      List.of(AuditKind.APP_KEY, AuditKind.KMS_KEY, AuditKind.APP_CERTIFICATE);

  private final InstantSource clock;
  private final Counters total =
      new Counters(
          "kms_releases_total",
          "Releases of keys and certificates, each on record.",
          "kind",
          "platform");
  private final ConcurrentMap<AuditKind, Instant> last = new ConcurrentHashMap<>();

  Releases(InstantSource clock) {
    this.clock = clock;
    for (AuditKind kind : KINDS) {
      for (TeeVariant platform : TeeVariant.values()) {
        total.add(0, kind.word(), platform.wireName());
      }
    }
  }

  void released(AuditKind kind, TeeVariant platform) {
    total.increment(kind.word(), platform.wireName());
    last.put(kind, clock.instant());
  }

  List<Family> families() {
    return List.of(
        total,
        new Gauge(
            "kms_last_release_timestamp_seconds",
            "When the last of each kind was released, in Unix time; 0 for none since the start.",
            this::times));
  }

  private Map<Map<String, String>, Double> times() {
    Map<Map<String, String>, Double> samples = new LinkedHashMap<>();
    for (AuditKind kind : KINDS) {
      Instant at = last.getOrDefault(kind, Instant.EPOCH);
      samples.put(Map.of("kind", kind.word()), (double) at.getEpochSecond());
    }
    return samples;
  }
}
