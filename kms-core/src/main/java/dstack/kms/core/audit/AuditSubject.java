package dstack.kms.core.audit;

import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;

/**
 * Whom a decision was about; both from one verified attestation.
 *
 * @param bootInfo what the authority was asked about
 * @param evidence SHA-256 of what the hardware signed
 */
public record AuditSubject(BootInfo bootInfo, Bytes evidence) {}
