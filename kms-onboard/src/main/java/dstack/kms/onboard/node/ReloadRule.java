package dstack.kms.onboard.node;

import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.Setting;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which settings another configuration may change while the node serves: all but these. */
final class ReloadRule {
  /** Whole keys, and with a dot at their end whole tables. */
  private static final List<String> FIXED =
      List.of(
          "core.cert_dir",
          "core.epoch",
          "core.onboard.",
          "core.operations.",
          "core.audit.",
          "core.logging.",
          "core.telemetry.",
          "core.admin.enabled",
          "core.admin.address",
          "core.admin.port",
          "rpc.address",
          "rpc.port",
          "rpc.tls.key",
          "rpc.tls.certs",
          "rpc.tls.engine",
          "rpc.slow_sender_timeout",
          "rpc.keep_alive",
          "rpc.max_connections");

  private ReloadRule() {}

  /** Refuses if a setting differs that is read only at the start. */
  static void require(KmsConfig running, KmsConfig fresh) {
    Map<String, String> before = values(running);
    Map<String, String> after = values(fresh);
    TreeSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (String key : keys) {
      if (isFixed(key) && !Objects.equals(before.get(key), after.get(key))) {
        throw needsRestart(key);
      }
    }
    // Redacted values look alike; the configuration itself knows whether they are.
    if (!running.onboard().equals(fresh.onboard())) {
      throw needsRestart("core.onboard.token");
    }
  }

  private static boolean isFixed(String key) {
    return FIXED.stream()
        .anyMatch(fixed -> fixed.endsWith(".") ? key.startsWith(fixed) : key.equals(fixed));
  }

  private static Map<String, String> values(KmsConfig config) {
    return config.explain().stream().collect(Collectors.toMap(Setting::key, Setting::value));
  }

  private static RefusalException needsRestart(String key) {
    return new RefusalException(
        NodeRefusal.NEEDS_RESTART,
        key + " changed: it needs a restart; the configuration in use stays as it is");
  }
}
