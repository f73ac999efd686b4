/**
 * {@code kms audit verify|head|tail}: what an auditor asks an audit log, on any machine and without
 * a server (docs/reference/audit-log.md).
 */
@NullMarked
package dstack.kms.cli.audit;

import org.jspecify.annotations.NullMarked;
