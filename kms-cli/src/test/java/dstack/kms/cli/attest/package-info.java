@NullMarked
package dstack.kms.cli.attest;

import org.jspecify.annotations.NullMarked;
