/** Tests of what the commands have in common. */
@NullMarked
package dstack.kms.cli.gov.option;

import org.jspecify.annotations.NullMarked;
