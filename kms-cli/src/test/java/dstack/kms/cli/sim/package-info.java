@NullMarked
package dstack.kms.cli.sim;

import org.jspecify.annotations.NullMarked;
