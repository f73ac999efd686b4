/** Holds the reference pages against the program. */
@NullMarked
package dstack.kms.cli.reference;

import org.jspecify.annotations.NullMarked;
