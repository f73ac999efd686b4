@NullMarked
package dstack.kms.cli.verify;

import org.jspecify.annotations.NullMarked;
