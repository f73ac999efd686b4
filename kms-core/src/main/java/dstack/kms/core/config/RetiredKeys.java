package dstack.kms.core.config;

import java.util.Optional;
import java.util.Set;

/**
 * The keys that some published {@code kms.toml} carries and that have no effect here: the one list
 * of specification 00 §7. They are accepted and logged once.
 */
final class RetiredKeys {
  private static final Set<String> KEYS =
      Set.of(
          // Loaded un-nested, so the original never applied them either (01 §6).
          "default.workers",
          "default.max_blocking",
          "default.ident",
          "default.temp_dir",
          "default.keep_alive",
          "default.log_level",
          "log_level",
          "core.subject_postfix",
          // Root keys are never released without evidence, whatever this says.
          "core.onboard.quote_enabled",
          // Written by dstackup for SEV-SNP; blank there, replaced by
          // core.attestation.urls.amd_kds.
          "core.amd_kds_base_url",
          "core.gpu.enabled",
          // The client CA proves nothing: the temp CA key is public (00 §9).
          "rpc.tls.mutual.ca_certs");

  private static final Set<String> SECTIONS = Set.of("rpc", "core.onboard", "core.admin");

  /** Settings of the original's web framework that a listener's own section may hold (01 §6). */
  private static final Set<String> FRAMEWORK_NAMES =
      Set.of(
          "workers",
          "max_blocking",
          "ident",
          "temp_dir",
          "log_level",
          "cli_colors",
          "ip_header",
          "limits.bytes",
          "limits.data-form",
          "limits.file",
          "limits.form",
          "limits.json",
          "limits.msgpack",
          "limits.string",
          "shutdown.ctrlc",
          "shutdown.force",
          "shutdown.grace",
          "shutdown.mercy",
          "shutdown.signals");

  private RetiredKeys() {}

  static boolean contains(String key) {
    return KEYS.contains(key) || frameworkName(key).filter(FRAMEWORK_NAMES::contains).isPresent();
  }

  /** Whether some retired key lies in the table of that name. */
  static boolean hasTable(String table) {
    String prefix = table + ".";
    return KEYS.stream().anyMatch(key -> key.startsWith(prefix))
        || frameworkName(prefix)
            .filter(name -> FRAMEWORK_NAMES.stream().anyMatch(known -> known.startsWith(name)))
            .isPresent();
  }

  private static Optional<String> frameworkName(String key) {
    return SECTIONS.stream()
        .filter(section -> key.startsWith(section + "."))
        .map(section -> key.substring(section.length() + 1))
        .findFirst();
  }
}
