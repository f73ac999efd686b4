@NullMarked
package dstack.kms.cli.architecture;

import org.jspecify.annotations.NullMarked;
