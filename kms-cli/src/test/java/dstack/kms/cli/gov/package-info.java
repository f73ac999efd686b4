/** Tests of {@code kms gov} against a real chain with the published contracts of the Safe. */
@NullMarked
package dstack.kms.cli.gov;

import org.jspecify.annotations.NullMarked;
