/**
 * The built program as strangers use it: started as a process, driven by curl, openssl and node.
 *
 * <p>Nothing here may import a class of the product, so that no mistake of ours can hide on both
 * sides; in {@code nitro} the simulated platform is imported, which otherwise runs as a program.
 */
@NullMarked
package dstack.kms.acceptance;

import org.jspecify.annotations.NullMarked;
