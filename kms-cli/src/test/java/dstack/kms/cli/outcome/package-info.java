@NullMarked
package dstack.kms.cli.outcome;

import org.jspecify.annotations.NullMarked;
