package dstack.kms.rpc.tls;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.rpc.http.HttpLimits;
import dstack.kms.rpc.http.HttpObserver;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;

/** A TLS listener that answers with the SHA-256 of the client certificate. */
public final class TestServer implements AutoCloseable {
  final RaTlsServer tls;
  final HttpServer server;

  /** Serves with that engine. */
  public TestServer(TlsEngine engine) {
    this(engine, HttpLimits.SMALL, HttpObserver.NONE);
  }

  /** Serves with that engine within these limits, and tells somebody. */
  public TestServer(TlsEngine engine, HttpLimits limits, HttpObserver observer) {
    tls = new RaTlsServer(engine, identity("localhost"));
    try {
      server =
          HttpServer.start(
              Listener.plain(
                      "tls",
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                      TestServer::route)
                  .behind(tls)
                  .within(limits)
                  .observedBy(observer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public int port() {
    return server.port();
  }

  private static Route route(RequestHead head, ClientConnection connection) {
    String text =
        connection.certificate().map(der -> Digests.sha256(der).hex()).orElse("no certificate");
    return new Route.Immediate(HttpReply.text(200, text + "\n"));
  }

  /** A self-signed server certificate of that name. */
  static TlsIdentity identity(String name) {
    P256PrivateKey key = P256PrivateKey.generate(new SecureRandom());
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            new X500Name("CN=" + name),
            BigInteger.TWO,
            Date.from(Instant.parse("1975-01-01T00:00:00Z")),
            Date.from(Instant.parse("2049-01-01T00:00:00Z")),
            new X500Name("CN=" + name),
            SubjectPublicKeyInfo.getInstance(key.publicKey().subjectPublicKeyInfo().toArray()));
    ContentSigner signer = new KeySigner(key);
    return TlsIdentity.of(OddCertificate.der(builder.build(signer)), key);
  }

  @Override
  public void close() {
    server.close();
    tls.close();
  }

  static Bytes sha256(org.bouncycastle.cert.X509CertificateHolder certificate) {
    return Digests.sha256(OddCertificate.der(certificate));
  }
}
