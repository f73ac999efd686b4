package dstack.kms.onboard.replication;

import dstack.kms.core.audit.AuditSubject;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;

/**
 * A source to which this node may show itself and from which it may take keys.
 *
 * @param source whose evidence was verified
 * @param bootInfo what the authority was asked about
 * @param decision what it said
 */
record AuthorizedSource(VerifiedSource source, BootInfo bootInfo, Decision.Allowed decision) {
  /** The source in the audit log. */
  AuditSubject subject() {
    return new AuditSubject(bootInfo, source.evidence().evidenceDigest());
  }
}
