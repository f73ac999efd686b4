package dstack.kms.attest.tpm;

import dstack.kms.core.bytes.Bytes;

/**
 * Carries one command after the other to a TPM. Not for use by several threads.
 *
 * <p>Closing it lets the kernel's resource manager forget what was loaded through it; a TPM without
 * one keeps it until it is flushed.
 */
public interface TpmTransport extends AutoCloseable {
  /** The largest command or response in bytes. */
  int MAX_LENGTH = 4096;

  /**
   * Sends a whole command and returns the whole response, at most {@link #MAX_LENGTH} bytes of
   * unchecked content.
   *
   * @throws dstack.kms.core.refusal.RefusalException with a {@link TpmRefusal} if there is none
   *     within the transport's deadline; the transport is of no more use then
   */
  Bytes transmit(Bytes command);

  /** Ends the connection; never throws. */
  @Override
  void close();
}
