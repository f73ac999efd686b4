@NullMarked
package dstack.kms.cli.backup;

import org.jspecify.annotations.NullMarked;
