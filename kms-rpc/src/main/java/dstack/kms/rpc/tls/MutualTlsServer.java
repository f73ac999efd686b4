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
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * The server side of TLS between services of one operator: clients are known by the authority that
 * issued their certificate, and nobody else gets through the handshake. No session is resumed.
 *
 * <p>Evidence plays no part here: what listens behind it must not release keys.
 */
public final class MutualTlsServer implements TlsFront, AutoCloseable {
  private final SslContext context;

  /**
   * Presents that identity.
   *
   * @param clientAuthorities DER certificates, one of which must have issued a client's; if there
   *     are none, clients are not asked for a certificate
   * @throws IllegalArgumentException if one of them cannot be read
   */
  public MutualTlsServer(TlsEngine engine, TlsIdentity identity, List<Bytes> clientAuthorities) {
    TlsDefaults.requireApplied();
    X509Certificate[] authorities =
        clientAuthorities.stream().map(TlsIdentity::certificate).toArray(X509Certificate[]::new);
    SslContextBuilder builder = SslContextBuilder.forServer(identity.key(), identity.certificate());
    if (authorities.length > 0) {
      builder.clientAuth(ClientAuth.REQUIRE).trustManager(authorities);
    }
    SslProvider provider = TlsEngines.provider(engine);
    try {
      context = TlsPolicy.applyTo(builder, provider).build();
    } catch (SSLException e) {
      throw new IllegalStateException("no TLS context from a sound identity", e);
    }
    if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
      sessions.setSessionCacheEnabled(false);
    }
  }

  @Override
  public SslHandler newHandler(ByteBufAllocator allocator) {
    return context.newHandler(allocator);
  }

  /** Who the client is does not matter behind the handshake. */
  @Override
  public Optional<Bytes> handshakeDone(SslHandler handler) {
    SSLSession session = handler.engine().getSession();
    session.invalidate();
    return Optional.empty();
  }

  @Override
  public void close() {
    ReferenceCountUtil.release(context);
  }
}
