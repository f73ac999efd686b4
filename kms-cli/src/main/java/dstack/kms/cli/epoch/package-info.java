/**
 * {@code kms epoch}: which generations of root keys lie here, what is pinned to one, and whether an
 * endorsement holds. All of it only looks.
 */
@NullMarked
package dstack.kms.cli.epoch;

import org.jspecify.annotations.NullMarked;
