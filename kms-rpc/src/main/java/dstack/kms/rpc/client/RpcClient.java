package dstack.kms.rpc.client;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.Transport;
import dstack.kms.rpc.tls.RaTlsClientContext;
import dstack.kms.rpc.tls.TlsIdentity;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.security.cert.CertificateEncodingException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Opens connections to other servers. Calls block: use it on virtual threads. */
public final class RpcClient implements AutoCloseable {
  private final EventLoopGroup loops = Transport.newGroup("rpc-client", 1);
  private final TlsEngine engine;
  private final ClientLimits limits;
  private final Routes routes;

  /** A client with that engine and these limits that goes straight to every server. */
  public RpcClient(TlsEngine engine, ClientLimits limits) {
    this(engine, limits, Routes.direct());
  }

  /** The same on other ways. */
  public RpcClient(TlsEngine engine, ClientLimits limits, Routes routes) {
    this.engine = engine;
    this.limits = limits;
    this.routes = routes;
  }

  /**
   * Connects, and looks at the server's certificate before anything is sent.
   *
   * @param url where the service is
   * @param trust what the certificate must be
   * @param identity the client certificate, if one is to be presented
   * @throws RefusalException with a {@link ClientRefusal}
   */
  public RpcConnection connect(RpcUrl url, ServerTrust trust, Optional<TlsIdentity> identity) {
    AnswerReader reader = new AnswerReader();
    try (RaTlsClientContext tls = new ClientTls(engine, trust, identity).context()) {
      Channel channel =
          new Dialer(loops, limits)
              .dial(url, routes.to(url), new Pipeline(url, tls, reader, limits));
      try {
        Bytes certificate = handshake(url, channel, tls);
        return new RpcConnection(channel, url, certificate, reader, limits);
      } catch (RefusalException e) {
        channel.close().awaitUninterruptibly();
        throw e;
      }
    }
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static Bytes handshake(RpcUrl url, Channel channel, RaTlsClientContext context) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      throw new RefusalException(
          ClientRefusal.UNREACHABLE,
          "no TLS connection to " + url.authority(),
          "the connection was closed as soon as it stood");
    }
    Future<Channel> handshake = tls.handshakeFuture().awaitUninterruptibly();
    if (!handshake.isSuccess()) {
      ClientRefusal code =
          context.rejection().isPresent() ? ClientRefusal.UNTRUSTED : ClientRefusal.UNREACHABLE;
      throw RefusalException.causedBy(
          speaksTls(channel) ? code : ClientRefusal.NOT_TLS,
          "no TLS connection to " + url.authority(),
          context.rejection().<Throwable>map(Throwable.class::cast).orElse(handshake.cause()));
    }
    try {
      return Bytes.of(tls.engine().getSession().getPeerCertificates()[0].getEncoded());
    } catch (SSLPeerUnverifiedException | CertificateEncodingException e) {
      throw RefusalException.causedBy(
          ClientRefusal.NO_CERTIFICATE, url.authority() + " presented no TLS certificate", e);
    }
  }

  private static boolean speaksTls(Channel channel) {
    return Boolean.TRUE.equals(channel.attr(FirstByte.SPEAKS_TLS).get());
  }

  private static final class Pipeline extends ChannelInitializer<Channel> {
    private final RpcUrl url;
    private final RaTlsClientContext tls;
    private final AnswerReader reader;
    private final ClientLimits limits;

    Pipeline(RpcUrl url, RaTlsClientContext tls, AnswerReader reader, ClientLimits limits) {
      this.url = url;
      this.tls = tls;
      this.reader = reader;
      this.limits = limits;
    }

    @Override
    protected void initChannel(Channel channel) {
      SslHandler handler = tls.newHandler(channel.alloc(), url.host(), url.port());
      handler.setHandshakeTimeoutMillis(limits.handshake().toMillis());
      channel
          .pipeline()
          .addLast(
              new FirstByte(),
              handler,
              new HttpClientCodec(4096, 16 << 10, 64 << 10),
              new HttpObjectAggregator(limits.answer()),
              reader);
    }
  }
}
