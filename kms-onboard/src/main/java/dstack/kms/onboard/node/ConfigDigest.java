package dstack.kms.onboard.node;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.Setting;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** One number for a whole effective configuration, for the audit log. */
final class ConfigDigest {
  private ConfigDigest() {}

  /**
   * SHA-256 over the lines {@code key = value} that {@code kms config check} prints, sorted by key,
   * without their origins; secrets stand there as redacted.
   */
  static String of(KmsConfig config) {
    String lines =
        config.explain().stream()
            .map(ConfigDigest::line)
            .sorted()
            .collect(Collectors.joining("\n", "", "\n"));
    return Digests.sha256(Bytes.of(lines.getBytes(StandardCharsets.UTF_8))).hex();
  }

  private static String line(Setting setting) {
    return setting.key() + " = " + setting.value();
  }
}
