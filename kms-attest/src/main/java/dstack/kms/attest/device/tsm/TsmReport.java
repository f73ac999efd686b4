package dstack.kms.attest.device.tsm;

import dstack.kms.core.bytes.Bytes;

/**
 * What an entry gave, of which nothing was checked.
 *
 * @param outblob the quote or report
 * @param certificates what the host sent with it, possibly nothing
 */
public record TsmReport(Bytes outblob, Bytes certificates) {}
