package dstack.kms.rpc.client;

import java.time.Duration;

/**
 * How long things may take and how large they may be.
 *
 * @param connect the TCP connection
 * @param handshake the TLS handshake
 * @param call one call from its first byte to the last of its answer
 * @param answer the largest body in bytes
 */
public record ClientLimits(Duration connect, Duration handshake, Duration call, int answer) {
  /** As the released clients: 5 s to connect, 60 s in all; answers up to 16 MiB. */
  public static final ClientLimits DEFAULT =
      new ClientLimits(
          Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(60), 16 << 20);
}
