@NullMarked
package dstack.kms.cli.logging;

import org.jspecify.annotations.NullMarked;
