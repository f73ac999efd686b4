package dstack.kms.onboard.node;

import dstack.kms.attest.collateral.CollateralAge;
import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.config.AuthorityConfig;
import dstack.kms.core.config.ChainConfig;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.rpc.health.NodeFacts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads what the node says about itself from its parts, as far as they are there. */
final class NodeFactsReader implements Supplier<NodeFacts> {
  /** As for {@code /ready}: whoever reads often must not load the authority. */
  private static final Duration AUTHORITY_KEPT = Duration.ofSeconds(10);

  private final Supplier<KmsConfig> config;
  private final InstantSource clock;

  /** Guards the last answer of the authority, so that concurrent readers ask once. */
  private final ReentrantLock asking = new ReentrantLock();

  private @Nullable Asked asked;
  private volatile @Nullable NodeParts parts;
  private volatile @Nullable Serving serving;

  private record Asked(NodeFacts.AuthorityFacts facts, Instant at) {}

  NodeFactsReader(Supplier<KmsConfig> config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /** From now on these are the parts to look at. */
  void watch(NodeParts wired) {
    parts = wired;
  }

  /** From now on the node serves. */
  void watch(Serving running) {
    serving = running;
  }

  @Override
  public NodeFacts get() {
    Optional<NodeParts> wired = Optional.ofNullable(parts);
    Optional<Serving> running = Optional.ofNullable(serving);
    return new NodeFacts(
        running.map(this::identity),
        running.map(node -> certificates(node.certificates())),
        wired.map(this::authority).orElseGet(this::silent),
        wired.map(this::collateral).orElse(List.of()),
        wired
            .flatMap(node -> node.audit().head())
            .map(head -> new NodeFacts.AuditFacts(head.sequence(), head.hash().hex())),
        clock.instant().toString());
  }

  private NodeFacts.Identity identity(Serving running) {
    Bytes spki = parsed(running.certificates().rootCa()).spki();
    return new NodeFacts.Identity(
        running.k256PublicKey().hex(),
        Digests.sha256(spki).hex(),
        spki.hex(),
        config.get().epoch());
  }

  private static NodeFacts.Certificates certificates(CertificateSet inUse) {
    return new NodeFacts.Certificates(
        certificate(inUse.rootCa()), certificate(inUse.tmpCa()), certificate(inUse.rpc()));
  }

  private static NodeFacts.CertificateFacts certificate(String pem) {
    ParsedCertificate parsed = parsed(pem);
    return new NodeFacts.CertificateFacts(
        Digests.sha256(parsed.der()).hex(), parsed.notAfter().toString());
  }

  private static ParsedCertificate parsed(String pem) {
    return ParsedCertificate.parse(Pem.decode(pem));
  }

  private NodeFacts.AuthorityFacts authority(NodeParts wired) {
    asking.lock();
    try {
      Asked last = asked;
      Instant now = clock.instant();
      // A clock that was set back must not keep an answer until it has caught up.
      if (last != null
          && !now.isBefore(last.at())
          && now.isBefore(last.at().plus(AUTHORITY_KEPT))) {
        return last.facts();
      }
      NodeFacts.AuthorityFacts fresh = ask(wired);
      asked = new Asked(fresh, now);
      return fresh;
    } finally {
      asking.unlock();
    }
  }

  private NodeFacts.AuthorityFacts ask(NodeParts wired) {
    try {
      AuthorityInfo info = wired.authority().info();
      return new NodeFacts.AuthorityFacts(
          kind(),
          info.chainId(),
          info.contractAddress(),
          info.gatewayAppId(),
          wired
              .authority()
              .view()
              .map(block -> new NodeFacts.Block(block.number(), block.hash().hex())));
    } catch (RefusalException e) {
      return silent();
    }
  }

  private NodeFacts.AuthorityFacts silent() {
    return new NodeFacts.AuthorityFacts(
        kind(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private String kind() {
    return switch (config.get().authority()) {
      case AuthorityConfig.Webhook _ -> "webhook";
      case AuthorityConfig.PolicyFile _ -> "file";
      case AuthorityConfig.Dev _ -> "dev";
      case ChainConfig _ -> "chain";
    };
  }

  private List<NodeFacts.CollateralFacts> collateral(NodeParts wired) {
    return wired.verification().collateral().ages().stream().map(this::collateral).toList();
  }

  private NodeFacts.CollateralFacts collateral(CollateralAge age) {
    return new NodeFacts.CollateralFacts(
        age.key().fmspc().hex(),
        age.oldestIssue().toString(),
        age.validUntil().toString(),
        Duration.between(age.oldestIssue(), clock.instant()).toSeconds());
  }
}
