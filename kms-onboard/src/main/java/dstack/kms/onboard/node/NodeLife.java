package dstack.kms.onboard.node;

import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.audit.AuditLog;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.authority.BlockRef;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.KeyStore;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.epoch.EpochStores;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.telemetry.TraceExport;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of a node's life; its owner calls them one at a time. */
final class NodeLife implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeLife.class);

  private final NodeContext context;
  private final Supplier<NodeState> state;
  private final Consumer<String> died;
  private final NodeHealth health;
  private final NodeFactsReader facts;
  private final ReloadBoard reloads = new ReloadBoard();
  private final Chores chores = new Chores();
  private final ClosingStack open = new ClosingStack();
  private volatile KmsConfig config;
  private volatile @Nullable InetSocketAddress operations;
  private volatile @Nullable NodeParts parts;
  private @Nullable SettingUp setup;
  private @Nullable Serving serving;
  private @Nullable Upkeep upkeep;

  /**
   * @param state where the node is
   * @param died is told the name of a listener that stops by itself; returns at once
   */
  NodeLife(
      KmsConfig config, NodeContext context, Supplier<NodeState> state, Consumer<String> died) {
    this.config = config;
    this.context = context;
    this.state = state;
    this.died = died;
    health = new NodeHealth(context.clock(), state, () -> this.config);
    facts = new NodeFactsReader(() -> this.config, context.clock());
    health.note(reloads::notes);
    reloads.showIn(health.metrics());
  }

  Optional<InetSocketAddress> operations() {
    return Optional.ofNullable(operations);
  }

  /** The block by which this node decides now; empty also while nothing is wired. */
  Optional<BlockRef> chainView() {
    NodeParts wired = parts;
    return wired == null ? Optional.empty() : wired.authority().view();
  }

  /** From the configuration to serving or setting up, whichever the key store asks for. */
  NodeState begin(Runnable setupOver) {
    OperationsListener.open(config.operations(), health, context.longVersion(), state, facts)
        .ifPresent(this::hasOperations);
    WeakSettings.sayAndCheck(config);
    TraceExport.start(
            config.telemetry(),
            context.longVersion(),
            context.clock(),
            context.random(),
            health.metrics())
        .ifPresent(export -> open.push(export::close));
    KeyStore store = EpochStores.open(config, context.clock(), AuditTrail.none());
    AuditTrail audit = openAudit();
    NodeParts fresh = NodeParts.of(config, context, store, audit);
    parts = fresh;
    open.push(() -> wired().close());
    WeakSettings.requireNoVendor(config, fresh.quotes(), fresh.verification().signatures());
    health.watch(this::wired, audit);
    facts.watch(fresh);
    audit.require(AuditEvent.done(AuditKind.NODE_STARTED, digest(config)));
    open.push(this::saysThatItStops);
    Optional<StoredKeys> stored = StoredKeys.in(fresh);
    if (stored.isPresent()) {
      return serve(stored.get());
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
    SettingUp ended = setup;
    if (ended != null) {
      ended.close();
    }
    return serve(StoredKeys.in(wired()).orElseThrow(() -> noKeys("set-up ended without keys")));
  }

  /** What the node does by itself from now on; {@code renewal} comes back here. */
  void keepUp(Runnable renewal) {
    Upkeep all = upkeep;
    if (all != null) {
      all.warmUp();
      chores.begin(all.chores(renewal));
    }
  }

  /** Renews the certificates that are in use. */
  void renewCertificates() {
    Serving running = serving;
    Upkeep all = upkeep;
    if (running != null && all != null) {
      all.renew(
          () -> {
            try (StoredKeys stored =
                StoredKeys.in(wired()).orElseThrow(() -> noKeys("the keys are gone"))) {
              running.renew(stored);
            }
          });
    }
  }

  /** Lets another configuration take over, or says why not and goes on as before. */
  void reload(Supplier<KmsConfig> source) {
    KmsConfig before = config;
    try {
      Serving running = serving;
      if (running == null) {
        throw new RefusalException(
            NodeRefusal.NOT_SERVING,
            "the node is " + state.get().name() + ": another configuration needs a restart");
      }
      takeOver(running, before, source.get());
      reloads.done();
      log.info("the configuration was read anew and is in use: {}", ConfigDigest.of(config));
    } catch (RefusalException e) {
      reloads.refused(e, context.clock().instant());
      wired().audit().note(AuditEvent.refused(AuditKind.CONFIGURATION, e, digest(before)));
      log.error(
          "the configuration in use stays: [{}] {} ({})", e.code().code(), e.text(), e.detail());
      throw e;
    }
  }

  /** Ends what the node does by itself, at once; it goes on to serve. */
  void hush() {
    chores.close();
  }

  @Override
  public void close() {
    chores.close();
    open.close();
  }

  private void takeOver(Serving running, KmsConfig before, KmsConfig fresh) {
    ReloadRule.require(before, fresh);
    WeakSettings.sayAndCheck(fresh);
    NodeParts old = wired();
    WeakSettings.requireNoVendor(fresh, old.quotes(), old.verification().signatures());
    NodeParts next = NodeParts.of(fresh, context, old.store(), old.audit());
    Map<String, String> both =
        Map.of("from", ConfigDigest.of(before), "config", ConfigDigest.of(fresh));
    running.takeOver(
        next, () -> old.audit().require(AuditEvent.done(AuditKind.CONFIGURATION, both)));
    parts = next;
    config = fresh;
    facts.watch(next);
  }

  private void hasOperations(HttpServer server) {
    open.push(server::close);
    operations = server.address();
    server.whenItDies(() -> died.accept("operations"));
  }

  private AuditTrail openAudit() {
    AuditTrail audit =
        config.audit().enabled()
            ? AuditLog.open(config.audit(), config.certDir(), context.clock(), context.random())
            : AuditTrail.none();
    open.push(audit::close);
    AuditHealth.show(audit, health);
    return audit;
  }

  /** After the last listener has ended and before the log is closed. */
  private void saysThatItStops() {
    if (state.get() instanceof NodeState.Stopping) {
      wired().audit().note(AuditEvent.done(AuditKind.NODE_STOPPED, digest(config)));
    }
  }

  private static Map<String, String> digest(KmsConfig config) {
    return Map.of("config", ConfigDigest.of(config));
  }

  private NodeState bootstrapUnasked(NodeParts wired, RpcDomain domain) {
    wired.fleet().requireNoFleet();
    wired.bootstrap().runUnasked(domain);
    return serve(StoredKeys.in(wired).orElseThrow(() -> noKeys("auto-bootstrap made no keys")));
  }

  private NodeState openSetup(NodeParts wired, Runnable setupOver) {
    log.info("Onboarding");
    SettingUp begun = SettingUp.begin(wired, health, setupOver, died);
    open.push(begun::close);
    setup = begun;
    return new NodeState.SettingUp(begun.address());
  }

  private NodeState serve(StoredKeys stored) {
    try (stored) {
      stored.requireIdentity(config);
      NodeParts wired = wired();
      Serving fresh = Serving.of(wired, stored, health.metrics());
      open.push(fresh::close);
      log.info("Starting KMS");
      NodeState.Ready ready = fresh.listen(died);
      serving = fresh;
      upkeep = Upkeep.of(fresh, wired, health);
      facts.watch(fresh);
      return ready;
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
