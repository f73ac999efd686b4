package dstack.kms.onboard.node;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.kms.NodeKeys;
import dstack.kms.rpc.metrics.NodeMetrics;
import dstack.kms.rpc.tls.RaTlsServer;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node that serves: its keys, its certificates, its listeners and what they answer with. */
final class Serving implements AutoCloseable {
  private final NodeMetrics metrics;
  private final ServingKeys keys;
  private final RaTlsServer tls;
  private final Bytes k256PublicKey;
  private final ClosingStack open = new ClosingStack();

  /** What connections and requests see; replaced as a whole when certificates are renewed. */
  private volatile Current current;

  /** What requests are answered with; replaced as a whole when another configuration is read. */
  private volatile @Nullable Generation generation;

  /** The certificates, when each of them ends, and the view of the keys that belongs to them. */
  private record Current(
      CertificateSet certificates, Map<String, Instant> validUntil, NodeKeys keys) {
    Current(CertificateSet certificates, NodeKeys keys) {
      this(certificates, ends(certificates), keys);
    }
  }

  private Serving(
      NodeParts parts, ServingKeys keys, CertificateSet certificates, NodeMetrics metrics) {
    this.metrics = metrics;
    this.keys = keys;
    open.push(keys::close);
    current = new Current(certificates, keys.under(certificates));
    k256PublicKey = current.keys().roots().k256().publicKey().compressed();
    tls = new RaTlsServer(parts.config().rpc().engine(), keys.identity(certificates));
    open.push(tls::close);
  }

  /** Renews the certificates of the stored keys and takes them into use. */
  static Serving of(NodeParts parts, StoredKeys stored, NodeMetrics metrics) {
    CertificateSet certificates = renewed(parts, stored);
    Serving fresh =
        new Serving(parts, ServingKeys.of(stored.keys(), stored.info()), certificates, metrics);
    boolean wired = false;
    try {
      fresh.generation = fresh.generation(parts);
      wired = true;
      return fresh;
    } finally {
      if (!wired) {
        fresh.close();
      }
    }
  }

  /**
   * Opens the listeners; if one cannot be opened, none stays open.
   *
   * @param died is told the name of a listener that stops by itself
   */
  NodeState.Ready listen(Consumer<String> died) {
    try {
      NodeParts parts = generation().parts();
      KmsConfig config = parts.config();
      HttpRoutes requests = new CurrentRoutes(this::generation, Generation::main);
      HttpServer main = opened(new MainListener(parts, metrics).over(requests, tls), died);
      HttpRoutes operators =
          new CurrentRoutes(this::generation, each -> each.admin().orElseThrow());
      Optional<HttpServer> admin =
          generation()
              .admin()
              .map(_ -> opened(AdminListener.over(config.admin(), operators, metrics), died));
      return new NodeState.Ready(main.address(), admin.map(HttpServer::address));
    } catch (RefusalException e) {
      close();
      throw e;
    }
  }

  /** What requests are answered with now. */
  Generation generation() {
    return Objects.requireNonNull(generation);
  }

  /**
   * Lets other parts answer every request that begins from now on; those that run finish on the old
   * ones. If the new ones do not hold they are closed, and nothing changes.
   *
   * @param last is run when everything else is certain, and may still refuse
   */
  void takeOver(NodeParts next, Runnable last) {
    boolean taken = false;
    try {
      Generation fresh = generation(next);
      if (fresh.self().enforced()) {
        fresh.own().attestAnew();
      }
      last.run();
      Generation old = generation();
      generation = fresh;
      taken = true;
      old.retire();
    } finally {
      if (!taken) {
        next.close();
      }
    }
  }

  /** Renews the certificates while the node serves; new connections see the new ones. */
  void renew(StoredKeys stored) {
    CertificateSet certificates = renewed(generation().parts(), stored);
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

  /** When each of the certificates in use ends, by its name in the store. */
  Map<String, Instant> validUntil() {
    return current.validUntil();
  }

  private static Map<String, Instant> ends(CertificateSet inUse) {
    Map<String, Instant> ends = new LinkedHashMap<>();
    ends.put("root-ca", end(inUse.rootCa()));
    ends.put("tmp-ca", end(inUse.tmpCa()));
    ends.put("rpc", end(inUse.rpc()));
    return Collections.unmodifiableMap(ends);
  }

  private Generation generation(NodeParts parts) {
    parts.verification().own().is(current.certificates().rootCa());
    return Generation.of(parts, () -> current.keys(), metrics);
  }

  private HttpServer opened(Listener listener, Consumer<String> died) {
    HttpServer server = Listening.at(listener);
    open.push(server::close);
    server.whenItDies(() -> died.accept(listener.name()));
    return server;
  }

  private static Instant end(String pem) {
    return ParsedCertificate.parse(Pem.decode(pem)).notAfter();
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
