package dstack.kms.onboard.node;

import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.Weakening;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.setup.SetupListener;
import dstack.kms.onboard.setup.Surroundings;
import dstack.kms.rpc.health.OperationsRoutes;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of a node's life; its owner calls them one at a time. */
final class NodeLife implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeLife.class);

  private final KmsConfig config;
  private final NodeContext context;
  private final Supplier<NodeState> state;
  private final NodeHealth health;
  private final NodeFactsReader facts;
  private final ClosingStack open = new ClosingStack();
  private volatile @Nullable InetSocketAddress operations;
  private @Nullable NodeParts parts;
  private @Nullable HttpServer setup;
  private @Nullable Serving serving;

  NodeLife(KmsConfig config, NodeContext context, Supplier<NodeState> state) {
    this.config = config;
    this.context = context;
    this.state = state;
    health = new NodeHealth(config, context.clock(), state);
    facts = new NodeFactsReader(config, context.clock());
  }

  Optional<InetSocketAddress> operations() {
    return Optional.ofNullable(operations);
  }

  /** From the configuration to serving or setting up, whichever the key store asks for. */
  NodeState begin(Runnable setupOver) {
    openOperations();
    sayWhatIsWeaker();
    NodeParts fresh = NodeParts.of(config, context);
    open.push(fresh::close);
    parts = fresh;
    health.watch(fresh);
    facts.watch(fresh);
    Optional<StoredKeys> stored = stored(fresh);
    if (stored.isPresent()) {
      return serve(fresh, stored.get());
    }
    if (!config.onboard().enabled()) {
      throw noKeys(
          "there are no keys in " + config.certDir() + " and core.onboard.enabled = false");
    }
    return config
        .onboard()
        .autoBootstrapDomain()
        .map(domain -> bootstrapUnasked(fresh, RpcDomain.requested(domain)))
        .orElseGet(() -> openSetup(fresh, setupOver));
  }

  /** From the end of set-up to serving, in the same process and at the same port. */
  NodeState serve() {
    NodeParts wired = wired();
    HttpServer listener = setup;
    if (listener != null) {
      listener.close();
    }
    return serve(wired, stored(wired).orElseThrow(() -> noKeys("set-up ended without keys")));
  }

  /** Renews the certificates that are in use. */
  void renewCertificates() {
    Serving running = serving;
    if (running != null) {
      try (StoredKeys stored = stored(wired()).orElseThrow(() -> noKeys("the keys are gone"))) {
        running.renew(stored);
      }
    }
  }

  @Override
  public void close() {
    open.close();
  }

  private void openOperations() {
    if (config.operations().enabled()) {
      OperationsRoutes routes =
          new OperationsRoutes(
              health.readiness(),
              health.metrics(),
              context.longVersion(),
              () -> state.get().name(),
              facts);
      HttpServer server =
          Listening.at(
              Listener.plain("operations", config.operations().listen().socketAddress(), routes));
      open.push(server::close);
      operations = server.address();
    }
  }

  /** What weakens is logged each time; without its switch it goes no further (T-06). */
  private void sayWhatIsWeaker() {
    config.warnings().forEach(log::warn);
    for (Weakening weakening : config.weakenings()) {
      log.warn("INSECURE: {}: {}", weakening.key(), weakening.text());
    }
    if (!config.weakenings().isEmpty() && !config.insecureDevelopment()) {
      throw new RefusalException(
          NodeRefusal.CONFIGURATION,
          config.weakenings().getFirst().key() + " needs core.insecure_development = true");
    }
  }

  private NodeState bootstrapUnasked(NodeParts wired, RpcDomain domain) {
    wired.bootstrap().runUnasked(domain);
    return serve(wired, stored(wired).orElseThrow(() -> noKeys("auto-bootstrap made no keys")));
  }

  private NodeState openSetup(NodeParts wired, Runnable setupOver) {
    log.info("Onboarding");
    SetupListener listener =
        new SetupListener(new NodeSetup(wired, setupOver), health.metrics(), surroundings());
    HttpServer server = Listening.open(() -> listener.start(config.onboard()));
    open.push(server::close);
    setup = server;
    return new NodeState.SettingUp(server.address());
  }

  private Surroundings surroundings() {
    return new Surroundings(
        config.siteName(),
        context.longVersion(),
        config.rpc().listen().port(),
        context.clock(),
        context.random());
  }

  private NodeState serve(NodeParts wired, StoredKeys stored) {
    try (stored) {
      Serving fresh = Serving.of(wired, stored);
      open.push(fresh::close);
      warmUp(wired);
      NodeState.Ready ready = fresh.listen(health.metrics());
      health.watch(fresh);
      facts.watch(fresh);
      serving = fresh;
      return ready;
    }
  }

  /** Fetches collateral and loads code before the first client waits for both; may fail. */
  private static void warmUp(NodeParts wired) {
    Thread.ofVirtual()
        .name("warm-up")
        .start(
            () -> {
              try {
                wired.ownEvidence().get();
                log.info("verified this machine's own evidence");
              } catch (RefusalException e) {
                log.warn("this machine's own evidence: {} ({})", e.text(), e.detail());
              }
            });
  }

  private Optional<StoredKeys> stored(NodeParts wired) {
    try {
      return StoredKeys.of(wired.store().read(config.onboard().autoBootstrapDomain()));
    } catch (RefusalException e) {
      throw e.within("Failed to initialize KMS state");
    }
  }

  private NodeParts wired() {
    NodeParts wired = parts;
    if (wired == null) {
      throw new IllegalStateException("the node has not begun");
    }
    return wired;
  }

  private static RefusalException noKeys(String why) {
    return new RefusalException(NodeRefusal.NO_KEYS, "Failed to onboard: " + why);
  }
}
