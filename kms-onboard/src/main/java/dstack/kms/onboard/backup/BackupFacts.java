package dstack.kms.onboard.backup;

import dstack.kms.onboard.backup.share.Manifest;
import java.util.Map;
import java.util.stream.Collectors;

/** What the audit log says about a set. */
final class BackupFacts {
  private BackupFacts() {}

  static Map<String, String> of(Manifest manifest) {
    return Map.of(
        "set",
        manifest.setId().hex(),
        "epoch",
        Long.toString(manifest.epoch()),
        "k256_pubkey",
        manifest.identity().k256().hex(),
        "threshold",
        Integer.toString(manifest.threshold()),
        "holders",
        manifest.holders().stream()
            .map(holder -> holder.fingerprint().hex())
            .collect(Collectors.joining(",")));
  }
}
