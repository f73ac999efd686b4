package dstack.kms.rpc.tls;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.TlsEngine;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** The client side of RA-TLS for one connection. */
public final class RaTlsClientContext implements AutoCloseable {
  private final SslContext context;
  private final Supplier<Optional<CertificateException>> rejection;
  private final boolean namesChecked;

  private RaTlsClientContext(
      SslContext context,
      Supplier<Optional<CertificateException>> rejection,
      boolean namesChecked) {
    this.context = context;
    this.rejection = rejection;
    this.namesChecked = namesChecked;
  }

  /** Trusts certificates under this CA that are made out to the host, and no others. */
  public static RaTlsClientContext trusting(
      TlsEngine engine, Bytes rootCaDer, Optional<TlsIdentity> identity) {
    RootCaTrust trust = RootCaTrust.of(TlsIdentity.certificate(rootCaDer));
    SslContextBuilder builder = SslContextBuilder.forClient().trustManager(trust);
    return new RaTlsClientContext(build(engine, builder, identity), trust::rejection, true);
  }

  /**
   * Trusts exactly this key, whatever else the certificate says. Another one ends the handshake
   * before the own certificate is sent.
   */
  public static RaTlsClientContext trustingKey(
      TlsEngine engine, Bytes spki, Optional<TlsIdentity> identity) {
    PinnedKeyTrust trust = new PinnedKeyTrust(spki);
    SslContextBuilder builder = SslContextBuilder.forClient().trustManager(trust);
    return new RaTlsClientContext(build(engine, builder, identity), trust::rejection, false);
  }

  /** Takes any certificate; the caller inspects it before it sends anything. */
  public static RaTlsClientContext trustingAnyone(
      TlsEngine engine, Optional<TlsIdentity> identity) {
    SslContextBuilder builder =
        SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE);
    return new RaTlsClientContext(build(engine, builder, identity), Optional::empty, false);
  }

  private static SslContext build(
      TlsEngine engine, SslContextBuilder builder, Optional<TlsIdentity> identity) {
    SslProvider provider = TlsEngines.provider(engine);
    identity.ifPresent(own -> builder.keyManager(own.key(), own.certificate()));
    builder.endpointIdentificationAlgorithm("");
    try {
      return TlsPolicy.applyTo(builder, provider).build();
    } catch (SSLException e) {
      throw new IllegalStateException("no TLS context from sound parts", e);
    }
  }

  /** A handler for the one connection to that host. */
  public SslHandler newHandler(ByteBufAllocator allocator, String host, int port) {
    SslHandler handler = context.newHandler(allocator, host, port);
    if (namesChecked) {
      var parameters = handler.engine().getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      handler.engine().setSSLParameters(parameters);
    }
    return handler;
  }

  /** Why the server's certificate was refused, if it was. */
  public Optional<CertificateException> rejection() {
    return rejection.get();
  }

  @Override
  public void close() {
    ReferenceCountUtil.release(context);
  }
}
