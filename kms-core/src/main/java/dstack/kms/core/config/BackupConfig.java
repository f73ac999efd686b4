package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * Who may hold shares of a backup of the root keys: {@code [core.backup]}. It belongs into the
 * measured part of a deployment: whoever writes it decides who can restore.
 *
 * @param holders the public keys of the holders, each an age recipient ({@code age1…}) or the path
 *     of a PEM file with an X25519 or P-256 public key; empty if backups are off
 * @param threshold how many of them together can restore
 */
public record BackupConfig(List<String> holders, int threshold) {
  private static final int MOST = 255;

  public BackupConfig {
    holders = List.copyOf(holders);
  }

  static BackupConfig read(Section backup) {
    List<String> holders = backup.list("holders", BackupConfig::holder, text -> text);
    int threshold = backup.number("threshold", 2, 2, MOST);
    if (!holders.isEmpty() && (threshold > holders.size() || holders.size() > MOST)) {
      throw new RefusalException(
          ConfigRefusal.CONTRADICTION,
          backup.where("threshold")
              + " is "
              + threshold
              + " with "
              + holders.size()
              + " holders; it must be at least 2 and at most as many as there are holders");
    }
    return new BackupConfig(holders, threshold);
  }

  private static String holder(String text) {
    if (text.isBlank()) {
      throw ConfigText.bad("must name public keys");
    }
    return text;
  }
}
