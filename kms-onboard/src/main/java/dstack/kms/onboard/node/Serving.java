package dstack.kms.onboard.node;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.kms.NodeKeys;
import dstack.kms.rpc.metrics.NodeMetrics;
import dstack.kms.rpc.tls.RaTlsServer;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** A node that serves: its keys, its certificates and its listeners. */
final class Serving implements AutoCloseable {
  private final NodeParts parts;
  private final ServingKeys keys;
  private final RaTlsServer tls;
  private final Bytes k256PublicKey;
  private final ClosingStack open = new ClosingStack();

  /** What requests are answered with; replaced as a whole when certificates are renewed. */
  private volatile Current current;

  /** The certificates and the view of the keys that belongs to them. */
  private record Current(CertificateSet certificates, NodeKeys keys) {}

  private Serving(NodeParts parts, ServingKeys keys, CertificateSet certificates) {
    this.parts = parts;
    this.keys = keys;
    open.push(keys::close);
    current = new Current(certificates, keys.under(certificates));
    k256PublicKey = current.keys().roots().k256().publicKey().compressed();
    parts.verification().own().is(certificates.rootCa());
    tls = new RaTlsServer(parts.config().rpc().engine(), keys.identity(certificates));
    open.push(tls::close);
  }

  /** Renews the certificates of the stored keys and takes them into use. */
  static Serving of(NodeParts parts, StoredKeys stored) {
    CertificateSet certificates = renewed(parts, stored);
    return new Serving(parts, ServingKeys.of(stored.keys(), stored.info()), certificates);
  }

  /** Opens the listeners; if one cannot be opened, none stays open. */
  NodeState.Ready listen(NodeMetrics metrics) {
    try {
      Optional<Listener> operators = AdminListener.of(parts, metrics);
      HttpServer main = opened(new MainListener(parts, metrics).over(() -> current.keys(), tls));
      Optional<HttpServer> admin = operators.map(this::opened);
      return new NodeState.Ready(main.address(), admin.map(HttpServer::address));
    } catch (RefusalException e) {
      close();
      throw e;
    }
  }

  private HttpServer opened(Listener listener) {
    HttpServer server = Listening.at(listener);
    open.push(server::close);
    return server;
  }

  /** Renews the certificates while the node serves; new connections see the new ones. */
  void renew(StoredKeys stored) {
    CertificateSet certificates = renewed(parts, stored);
    current = new Current(certificates, keys.under(certificates));
    tls.replace(keys.identity(certificates));
  }

  /** The certificates in use. */
  CertificateSet certificates() {
    return current.certificates();
  }

  /** The public half of the root k256 key, 33 bytes compressed. */
  Bytes k256PublicKey() {
    return k256PublicKey;
  }

  /** When the first of the certificates in use ends. */
  Instant validUntil() {
    CertificateSet inUse = current.certificates();
    return Stream.of(inUse.rootCa(), inUse.tmpCa(), inUse.rpc())
        .map(pem -> ParsedCertificate.parse(Pem.decode(pem)).notAfter())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private static CertificateSet renewed(NodeParts parts, StoredKeys stored) {
    return parts
        .certificateRefresh()
        .refresh(stored.keys(), stored.certificates(), stored.domain());
  }

  /** Ends the listeners, which lets running requests finish, and then erases the keys. */
  @Override
  public void close() {
    open.close();
  }
}
