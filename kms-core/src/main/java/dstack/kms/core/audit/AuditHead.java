package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;

/**
 * The last line of a log: who knows it, knows whether anything before it was changed or cut off.
 *
 * @param sequence the line's number, from 0
 * @param hash the line's hash, 32 bytes
 */
public record AuditHead(long sequence, Bytes hash) {}
