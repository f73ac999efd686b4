@NullMarked
package dstack.kms.cli.doctor;

import org.jspecify.annotations.NullMarked;
