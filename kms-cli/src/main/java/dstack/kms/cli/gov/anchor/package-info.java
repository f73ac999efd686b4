/** {@code kms gov anchor}: heads of audit logs on the public chain (ADR 0018). */
@NullMarked
package dstack.kms.cli.gov.anchor;

import org.jspecify.annotations.NullMarked;
