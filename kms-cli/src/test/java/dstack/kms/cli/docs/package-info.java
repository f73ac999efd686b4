/** Holds what the pages tell people to type against the program that they type it into. */
@NullMarked
package dstack.kms.cli.docs;

import org.jspecify.annotations.NullMarked;
