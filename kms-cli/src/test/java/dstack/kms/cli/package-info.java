@NullMarked
package dstack.kms.cli;

import org.jspecify.annotations.NullMarked;
