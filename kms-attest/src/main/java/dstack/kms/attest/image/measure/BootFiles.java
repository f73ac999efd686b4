package dstack.kms.attest.image.measure;

import dstack.kms.core.bytes.Bytes;

/**
 * What of an image is measured when it boots.
 *
 * @param firmware the whole file
 * @param kernel the whole file
 * @param initrdSha384 SHA-384 of the initial file system, 48 bytes
 * @param initrdSize its bytes
 * @param cmdline the kernel's command line as the image states it
 */
public record BootFiles(
    Bytes firmware, Bytes kernel, Bytes initrdSha384, long initrdSize, String cmdline) {}
