@NullMarked
package dstack.kms.cli.dev;

import org.jspecify.annotations.NullMarked;
