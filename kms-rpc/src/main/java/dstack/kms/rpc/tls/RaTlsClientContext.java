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
import javax.net.ssl.SSLException;

/** The client side of RA-TLS for one connection. */
public final class RaTlsClientContext implements AutoCloseable {
  private final SslContext context;
  private final Optional<RootCaTrust> trust;

  private RaTlsClientContext(SslContext context, Optional<RootCaTrust> trust) {
    this.context = context;
    this.trust = trust;
  }

  /** Trusts certificates under this CA that are made out to the host, and no others. */
  public static RaTlsClientContext trusting(
      TlsEngine engine, Bytes rootCaDer, Optional<TlsIdentity> identity) {
    RootCaTrust trust = RootCaTrust.of(TlsIdentity.certificate(rootCaDer));
    SslContextBuilder builder = SslContextBuilder.forClient().trustManager(trust);
    return new RaTlsClientContext(build(engine, builder, identity), Optional.of(trust));
  }

  /** Takes any certificate; the caller inspects it before it sends anything. */
  public static RaTlsClientContext trustingAnyone(
      TlsEngine engine, Optional<TlsIdentity> identity) {
    SslContextBuilder builder =
        SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE);
    return new RaTlsClientContext(build(engine, builder, identity), Optional.empty());
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
    if (trust.isPresent()) {
      var parameters = handler.engine().getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      handler.engine().setSSLParameters(parameters);
    }
    return handler;
  }

  /** Why the server's certificate was refused, if it was. */
  public Optional<CertificateException> rejection() {
    return trust.flatMap(RootCaTrust::rejection);
  }

  @Override
  public void close() {
    ReferenceCountUtil.release(context);
  }
}
