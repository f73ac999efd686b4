@NullMarked
package dstack.kms.cli.epoch;

import org.jspecify.annotations.NullMarked;
