/**
 * The question whether a workload may have keys, and who answers it (specifications 04 §7, 21).
 *
 * <p>{@link dstack.kms.core.authority.Authority} is the one port; everything that decides stands
 * behind it. Callers are the KMS and set-up services.
 */
@NullMarked
package dstack.kms.core.authority;

import org.jspecify.annotations.NullMarked;
