/**
 * {@code kms preflight} and {@code kms explain}: what a node or an attestation lacks, in order,
 * with the commands that would allow it (specification 00 §6). They decide nothing.
 */
@NullMarked
package dstack.kms.cli.explain;

import org.jspecify.annotations.NullMarked;
