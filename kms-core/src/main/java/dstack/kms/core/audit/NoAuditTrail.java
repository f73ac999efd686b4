package dstack.kms.core.audit;

import java.util.Optional;

/** Keeps nothing. */
record NoAuditTrail() implements AuditTrail {
  @Override
  public void require(AuditEvent event) {}

  @Override
  public void note(AuditEvent event) {}

  @Override
  public void requireWritable() {}

  @Override
  public Optional<AuditHead> head() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
