/**
 * Does what the pages tell readers to do: every block of commands is typed into a shell that has
 * the built program on its path, page by page, in a sandbox with a network of its own.
 *
 * <p>What a block needs is said by the remark before it ({@link dstack.kms.testkit.docs.Mark});
 * what a reader of a page has already, by a script of {@code src/test/pages}.
 */
@NullMarked
package dstack.kms.acceptance.docs;

import org.jspecify.annotations.NullMarked;
