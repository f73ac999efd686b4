/** Holds the files under {@code deploy} against the programs that read them. */
@NullMarked
package dstack.kms.cli.deploy;

import org.jspecify.annotations.NullMarked;
