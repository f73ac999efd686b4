package dstack.kms.cli.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dstack.kms.core.audit.AuditReport;
import org.jspecify.annotations.Nullable;

/**
 * What {@code kms audit verify} and {@code kms audit head} answer.
 *
 * @param node the short id of the key
 * @param checkpoint the line of {@code audit.head}; null without one
 */
@JsonPropertyOrder({"seq", "hash", "from", "lines", "files", "node", "key", "checkpoint"})
record AuditAnswer(
    @JsonProperty("seq") long seq,
    @JsonProperty("hash") String hash,
    @JsonProperty("from") long from,
    @JsonProperty("lines") long lines,
    @JsonProperty("files") int files,
    @JsonProperty("node") String node,
    @JsonProperty("key") String key,
    @JsonProperty("checkpoint") @Nullable Long checkpoint) {
  static AuditAnswer of(AuditReport report) {
    return new AuditAnswer(
        report.head().sequence(),
        report.head().hash().hex(),
        report.first(),
        report.lines(),
        report.files(),
        report.key().id(),
        report.key().key().subjectPublicKeyInfo().hex(),
        report.checkpoint().isPresent() ? (Long) report.checkpoint().getAsLong() : null);
  }
}
