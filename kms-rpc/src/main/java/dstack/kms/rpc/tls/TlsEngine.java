package dstack.kms.rpc.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** The implementation of TLS. Behaviour that clients can rely on is the same with both. */
public enum TlsEngine {
  /** BoringSSL where its library loads, else the JDK. */
  AUTO,
  /** BoringSSL; without its library nothing starts. */
  BORINGSSL,
  /** The JDK's own. */
  JDK;

  SslProvider provider() {
    return switch (this) {
      case AUTO -> OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
      case BORINGSSL -> {
        OpenSsl.ensureAvailability();
        yield SslProvider.OPENSSL_REFCNT;
      }
      case JDK -> SslProvider.JDK;
    };
  }
}
