/**
 * Reads the pages of the documentation: their blocks, and the remarks before blocks that tell tests
 * what to do with them. Tests of the program and of its distribution use it.
 */
@NullMarked
package dstack.kms.testkit.docs;

import org.jspecify.annotations.NullMarked;
