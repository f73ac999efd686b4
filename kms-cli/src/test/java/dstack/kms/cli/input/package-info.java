@NullMarked
package dstack.kms.cli.input;

import org.jspecify.annotations.NullMarked;
