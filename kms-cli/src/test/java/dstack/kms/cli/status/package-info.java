@NullMarked
package dstack.kms.cli.status;

import org.jspecify.annotations.NullMarked;
