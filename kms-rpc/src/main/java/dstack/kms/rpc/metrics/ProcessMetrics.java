package dstack.kms.rpc.metrics;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The process itself: since when it runs, and what it holds. */
final class ProcessMetrics {
  private ProcessMetrics() {}

  /**
   * Its families.
   *
   * @param now for where the system does not say when the process began
   */
  static List<Family> families(Instant now) {
    Instant started = ProcessHandle.current().info().startInstant().orElse(now);
    Runtime runtime = Runtime.getRuntime();
    return List.of(
        gauge(
            "process_start_time_seconds",
            "When the process began, in Unix time.",
            () -> started.getEpochSecond()),
        gauge(
            "kms_heap_used_bytes",
            "What the Java heap holds.",
            () -> runtime.totalMemory() - runtime.freeMemory()),
        gauge("kms_heap_max_bytes", "What the Java heap may hold.", runtime::maxMemory));
  }

  private static Gauge gauge(String name, String help, LongSupplier value) {
    return new Gauge(name, help, () -> Map.of(Map.of(), (double) value.getAsLong()));
  }
}
