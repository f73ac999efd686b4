/** What the tests of this module share. */
@NullMarked
package dstack.kms.onboard.testing;

import org.jspecify.annotations.NullMarked;
