/**
 * The container image as an operator runs it: built without an engine, unpacked by tar, entered
 * with bubblewrap as a user without rights over a file system that nobody can write.
 */
@NullMarked
package dstack.kms.acceptance.container;

import org.jspecify.annotations.NullMarked;
