package dstack.kms.onboard.node;

import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.RpcConfig;
import dstack.kms.rpc.admin.ImageCache;
import dstack.kms.rpc.http.HttpLimits;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.kms.Authorization;
import dstack.kms.rpc.kms.KmsService;
import dstack.kms.rpc.kms.MainRoutes;
import dstack.kms.rpc.kms.NodeKeys;
import dstack.kms.rpc.kms.SelfCheck;
import dstack.kms.rpc.kms.TokenCacheClearing;
import dstack.kms.rpc.limit.AppBuckets;
import dstack.kms.rpc.limit.LimitedRoutes;
import dstack.kms.rpc.limit.PlatformAlarm;
import dstack.kms.rpc.metrics.NodeMetrics;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import dstack.kms.rpc.prpc.RpcService;
import dstack.kms.rpc.tls.EvidenceRules;
import dstack.kms.rpc.tls.RaTlsServer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the listener that releases keys. */
final class MainListener {
  private static final Logger log = LoggerFactory.getLogger(MainListener.class);

  private final NodeParts parts;
  private final NodeMetrics metrics;

  MainListener(NodeParts parts, NodeMetrics metrics) {
    this.parts = parts;
    this.metrics = metrics;
  }

  /** The listener for these routes, behind that TLS. */
  Listener over(HttpRoutes routes, RaTlsServer tls) {
    RpcConfig rpc = parts.config().rpc();
    nameEngines(tls.engine(), parts.verification().signatures().name());
    return new Listener(
        "main",
        rpc.listen().socketAddress(),
        routes,
        Optional.of(tls),
        limits(rpc),
        Map.of("X-App-Version", parts.context().longVersion()),
        metrics.listener("main"));
  }

  /** Both work without their native libraries, several times slower: that shall not go unseen. */
  private static void nameEngines(String tls, String signatures) {
    log.info("TLS by {}, P-256 by {}", tls, signatures);
    if (tls.equals("JDK") || signatures.equals("BC")) {
      log.warn("a native library is missing or switched off, so each release takes longer");
    }
  }

  /** What it answers with under these parts. */
  HttpRoutes routes(Supplier<NodeKeys> keys, SelfCheck self) {
    KmsConfig config = parts.config();
    RpcService service = service(keys, self).rpc();
    log.info("Supported methods:");
    service.names().forEach(name -> log.info("  /prpc/{}", name));
    PrpcEndpoint endpoint = new PrpcEndpoint(service, config.rpc().limits()::of, metrics);
    Supplier<HttpReply> counters = metrics::publicReply;
    HttpRoutes routes =
        new MainRoutes(endpoint, Optional.of(counters).filter(_ -> config.metricsEnabled()));
    HttpRoutes open =
        config.rpc().clientCertificateMandatory() ? new MandatoryCertificate(routes) : routes;
    return new LimitedRoutes(open, config.limits(), System::nanoTime, metrics);
  }

  private KmsService service(Supplier<NodeKeys> keys, SelfCheck self) {
    KmsConfig config = parts.config();
    Verification verification = parts.verification();
    return new KmsService(
        new KmsService.Parts(
            keys,
            self,
            new Authorization(
                parts.authority(),
                config.release(),
                verification.images(),
                parts.audit(),
                AppBuckets.of(config.limits().perApp(), System::nanoTime, metrics),
                metrics.and(
                    PlatformAlarm.of(config.limits().platformAlarm(), System::nanoTime, metrics))),
            parts.authority(),
            new EvidenceRules(
                verification.attestations(),
                config.clientCertificateMaxAge(),
                parts.context().clock()),
            verification.attestations(),
            verification.signatures(),
            config.adminTokenHash().map(token -> new TokenCacheClearing(token, cache(config))),
            parts.context().clock(),
            metrics));
  }

  private static ImageCache cache(KmsConfig config) {
    return new ImageCache(config.image().cacheDir());
  }

  /** A keep-alive of zero closes after a second: long enough to be no race with the answer. */
  private static HttpLimits limits(RpcConfig rpc) {
    Duration idle = rpc.keepAlive().isZero() ? Duration.ofSeconds(1) : rpc.keepAlive();
    HttpLimits usual = HttpLimits.DEFAULT;
    return new HttpLimits(
        rpc.maxConnections(),
        idle,
        rpc.slowSender(),
        rpc.slowSender(),
        usual.handshake(),
        usual.concurrency(),
        usual.queue(),
        usual.queueWait(),
        usual.deadline(),
        usual.write(),
        usual.drain(),
        usual.bodies(),
        usual.certificates());
  }
}
