package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;

/**
 * Lines that become durable together.
 *
 * @param file the name of the file that they go into
 * @param begins whether they begin it
 * @param first the number of the first
 * @param head the last
 * @param content all of them
 */
record Batch(String file, boolean begins, long first, AuditHead head, Bytes content) {
  int lines() {
    return Math.toIntExact(head.sequence() - first + 1);
  }
}
