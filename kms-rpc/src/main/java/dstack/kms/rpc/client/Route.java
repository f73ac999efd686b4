package dstack.kms.rpc.client;

import java.util.Optional;

/** The way on which the bytes of a connection travel; TLS to the server is the same on all. */
public sealed interface Route {
  /** Straight to the host in the URL. */
  record Direct() implements Route {}

  /**
   * To a port of another machine on this host, where something passes every byte on to the server.
   *
   * @param port where it listens
   */
  record Socket(VsockPort port) implements Route {}

  /**
   * Through an HTTP proxy with CONNECT (RFC 9110 §9.3.6).
   *
   * @param hop how the proxy is reached
   * @param credentials for {@code Proxy-Authorization: Basic}, {@code user:password}
   */
  record Proxy(Hop hop, Optional<String> credentials) implements Route {
    @Override
    public String toString() {
      return "Proxy[" + hop + "]";
    }
  }

  /** Where a proxy listens. */
  sealed interface Hop {
    /** At a TCP port; the name is looked up here, the server's name is not. */
    record Tcp(String host, int port) implements Hop {
      @Override
      public String toString() {
        return host + ":" + port;
      }
    }

    /** At a vsock port. */
    record Vsock(VsockPort port) implements Hop {
      @Override
      public String toString() {
        return port.toString();
      }
    }
  }

  /**
   * A port of another machine on this host.
   *
   * @param contextId of the machine; 3 is the parent of a Nitro enclave
   * @param port unsigned, 32 bits
   */
  record VsockPort(long contextId, long port) {
    private static final long MOST = 0xffffffffL;

    /**
     * @throws IllegalArgumentException if one is no unsigned number of 32 bits
     */
    public VsockPort {
      if (contextId < 0 || contextId > MOST || port < 0 || port > MOST) {
        throw new IllegalArgumentException("no vsock address: " + contextId + ":" + port);
      }
    }

    @Override
    public String toString() {
      return "vsock:" + contextId + ":" + port;
    }
  }
}
