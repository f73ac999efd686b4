package dstack.kms.core.audit;

import java.util.OptionalLong;

/**
 * What a log is that holds.
 *
 * @param first its first line; earlier ones were moved away if that is not 0
 * @param head its last line
 * @param files how many files it has
 * @param key what every line holds under
 * @param checkpoint up to which line a missing end would have been found without knowing the head
 */
public record AuditReport(
    long first, AuditHead head, int files, AuditPublicKey key, OptionalLong checkpoint) {
  /** How many lines there are. */
  public long lines() {
    return head.sequence() - first + 1;
  }
}
