package dstack.kms.rpc.tls;

import dstack.kms.core.config.TlsEngine;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** From the configured word to an implementation; behaviour that clients rely on is the same. */
public final class TlsEngines {
  private TlsEngines() {}

  /** Whether BoringSSL loads here. */
  public static boolean isNativeAvailable() {
    return OpenSsl.isAvailable();
  }

  static SslProvider provider(TlsEngine engine) {
    return switch (engine) {
      case AUTO -> OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
      case BORINGSSL -> {
        OpenSsl.ensureAvailability();
        yield SslProvider.OPENSSL_REFCNT;
      }
      case JDK -> SslProvider.JDK;
    };
  }
}
