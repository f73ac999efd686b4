package dstack.kms.rpc.tls;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.rpc.http.TlsFront;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.CertificateEncodingException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The server side of RA-TLS: asks for a client certificate without demanding one, takes any, and
 * never resumes a session, so that every connection proves its key (specification 00 §9).
 *
 * <p>The certificate can be replaced while connections run; new ones get the new certificate.
 */
public final class RaTlsServer implements TlsFront, AutoCloseable {
  private final SslProvider provider;
  private final ClientAuth clientAuth;

  /** Guarded by this: a context must not be released between being read and being used. */
  private SslContext current;

  /** Presents that identity, until it is replaced; clients may come without a certificate. */
  public RaTlsServer(TlsEngine engine, TlsIdentity identity) {
    this(engine, identity, false);
  }

  /**
   * Presents that identity, until it is replaced.
   *
   * @param mandatory whether a client without a certificate is turned away in the handshake
   */
  public RaTlsServer(TlsEngine engine, TlsIdentity identity, boolean mandatory) {
    TlsDefaults.requireApplied();
    clientAuth = mandatory ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL;
    provider = TlsEngines.provider(engine);
    current = context(identity);
  }

  /** The name of what speaks TLS here: {@code BoringSSL}, or {@code JDK} where that is missing. */
  public String engine() {
    return provider == SslProvider.JDK ? "JDK" : "BoringSSL";
  }

  /** Presents another identity to all connections from now on. */
  public void replace(TlsIdentity identity) {
    SslContext fresh = context(identity);
    synchronized (this) {
      ReferenceCountUtil.release(current);
      current = fresh;
    }
  }

  @Override
  public synchronized SslHandler newHandler(ByteBufAllocator allocator) {
    return current.newHandler(allocator);
  }

  @Override
  public Optional<Bytes> handshakeDone(SslHandler handler) {
    SSLSession session = handler.engine().getSession();
    Optional<Bytes> certificate = certificateOf(session);
    session.invalidate();
    return certificate;
  }

  @Override
  public synchronized void close() {
    ReferenceCountUtil.release(current);
  }

  private SslContext context(TlsIdentity identity) {
    SslContextBuilder builder =
        SslContextBuilder.forServer(identity.key(), identity.certificate())
            .clientAuth(clientAuth)
            .trustManager(new AnyClientCertificate());
    try {
      SslContext context = TlsPolicy.applyTo(builder, provider).build();
      if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
        sessions.setSessionCacheEnabled(false);
      }
      return context;
    } catch (SSLException e) {
      throw new IllegalStateException("no TLS context from a sound identity", e);
    }
  }

  private static Optional<Bytes> certificateOf(SSLSession session) {
    try {
      return Optional.of(Bytes.of(session.getPeerCertificates()[0].getEncoded()));
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate from the wire has its encoding", e);
    }
  }
}
