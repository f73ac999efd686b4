package dstack.kms.rpc.tls;

import java.util.Map;

/**
 * The process-wide TLS settings that can only be made through system properties, which the TLS
 * classes read once: certificates up to 128 KiB, no tickets, no session cache, no renegotiation.
 */
public final class TlsDefaults {
  /** The largest TLS Certificate message in bytes. */
  public static final int MAX_CERTIFICATE_MESSAGE = 128 << 10;

  private static final Map<String, String> PROPERTIES =
      Map.of(
          "jdk.tls.maxHandshakeMessageSize", Integer.toString(MAX_CERTIFICATE_MESSAGE),
          "jdk.tls.server.enableSessionTicketExtension", "false",
          "jdk.tls.client.enableSessionTicketExtension", "false",
          "jdk.tls.server.newSessionTicketCount", "0",
          "jdk.tls.rejectClientInitiatedRenegotiation", "true",
          "io.netty.handler.ssl.openssl.sessionCacheServer", "false",
          "io.netty.handler.ssl.openssl.sessionCacheClient", "false");

  private TlsDefaults() {}

  /** Makes the settings; the program's main calls this before anything else. */
  public static void apply() {
    PROPERTIES.forEach(System::setProperty);
  }

  /** Refuses to go on without the settings that security rests on. */
  static void requireApplied() {
    PROPERTIES.forEach(
        (name, value) -> {
          boolean essential = name.startsWith("jdk.tls.server") || name.endsWith("Server");
          if (essential && !value.equals(System.getProperty(name))) {
            throw new IllegalStateException("TlsDefaults were not applied: " + name);
          }
        });
  }
}
