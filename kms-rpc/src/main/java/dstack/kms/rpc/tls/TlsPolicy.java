package dstack.kms.rpc.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.util.List;

/** What both ends of a connection have in common: TLS 1.3 and 1.2, AEAD suites, HTTP/1.1. */
final class TlsPolicy {
  private static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");

  /**
   * Netty hands a key to the engines in a key store that never leaves the memory. The default kind
   * derives keys from the empty password in 10,000 rounds, for each connection of a client.
   */
  private static final String KEY_STORE = "JKS";

  private TlsPolicy() {}

  static SslContextBuilder applyTo(SslContextBuilder builder, SslProvider provider) {
    builder
        .sslProvider(provider)
        .keyStoreType(KEY_STORE)
        .protocols("TLSv1.3", "TLSv1.2")
        .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                "http/1.1"));
    if (provider != SslProvider.JDK) {
      builder.option(
          OpenSslContextOption.MAX_CERTIFICATE_LIST_BYTES, TlsDefaults.MAX_CERTIFICATE_MESSAGE);
    }
    return builder;
  }
}
