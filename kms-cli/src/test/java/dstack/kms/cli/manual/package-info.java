@NullMarked
package dstack.kms.cli.manual;

import org.jspecify.annotations.NullMarked;
