/**
 * What tests share: where the vectors lie, which real components are there, and what was left out.
 */
@NullMarked
package dstack.kms.testkit;

import org.jspecify.annotations.NullMarked;
