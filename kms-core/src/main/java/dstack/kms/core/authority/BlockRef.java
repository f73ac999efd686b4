package dstack.kms.core.authority;

import dstack.kms.core.bytes.Bytes;

/**
 * The block of the public chain at which a policy was read.
 *
 * @param number the block's height
 * @param hash the block's hash, 32 bytes
 */
public record BlockRef(long number, Bytes hash) {}
