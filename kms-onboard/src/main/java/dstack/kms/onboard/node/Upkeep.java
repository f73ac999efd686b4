package dstack.kms.onboard.node;

import dstack.kms.core.config.LifeConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.kms.OwnBootInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a serving node does by itself: it renews its certificates and looks after its standing. */
final class Upkeep {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

  private final Serving serving;
  private final CertificateUpkeep certificates;
  private final SelfWatch self;
  private final InstantSource clock;

  private Upkeep(Serving serving, NodeParts parts) {
    this.serving = serving;
    clock = parts.context().clock();
    certificates = new CertificateUpkeep(serving::validUntil, clock);
    self = new SelfWatch(serving::generation, parts.audit());
  }

  /** The upkeep of this node, shown in its health. */
  static Upkeep of(Serving serving, NodeParts parts, NodeHealth health) {
    Upkeep upkeep = new Upkeep(serving, parts);
    health.check("certificates", upkeep.certificates::finding);
    health.check("self", upkeep.self::finding);
    health.note(upkeep.certificates::notes);
    upkeep.certificates.showIn(health.metrics());
    upkeep.self.showIn(health.metrics());
    return upkeep;
  }

  /** Renews the certificates once, with its failure kept for the health. */
  void renew(Runnable renewal) {
    certificates.attempt(renewal);
  }

  /** What there is to do from now on; {@code renewal} takes the owner's lock and calls back. */
  List<Chore> chores(Runnable renewal) {
    Instant now = clock.instant();
    Supplier<LifeConfig> life = () -> serving.generation().parts().config().life();
    return List.of(
        new Chore(
            "the renewal of certificates",
            () -> life.get().refreshCertificates(),
            renewal,
            now.plus(life.get().refreshCertificates()),
            clock),
        new Chore(
            "this machine's own attestation",
            () -> life.get().attestSelf(),
            () -> own().attestAnew(),
            now.plus(life.get().attestSelf()),
            clock),
        new Chore(
            "the question about this node", () -> life.get().checkSelf(), self::ask, now, clock));
  }

  /** Fetches collateral and loads code before the first client waits for both; may fail. */
  void warmUp() {
    Thread.ofVirtual()
        .name("warm-up")
        .start(
            () -> {
              try {
                own().attestAnew();
                log.info("verified this machine's own evidence");
              } catch (RefusalException e) {
                log.warn("this machine's own evidence: {} ({})", e.text(), e.detail());
              }
            });
  }

  private OwnBootInfo own() {
    return serving.generation().own();
  }
}
