package dstack.kms.onboard.node;

import dstack.kms.attest.machine.QuoteSources;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.KeyStore;
import dstack.kms.onboard.backup.BackupCreation;
import dstack.kms.onboard.backup.Restore;
import dstack.kms.onboard.certificates.CertificateIssuer;
import dstack.kms.onboard.certificates.CertificateRefresh;
import dstack.kms.onboard.machine.OwnEvidence;
import dstack.kms.onboard.peers.FleetGuard;
import dstack.kms.onboard.preflight.Preflight;
import dstack.kms.onboard.replication.Replication;
import dstack.kms.onboard.setup.AttestationInfo;
import dstack.kms.onboard.setup.Bootstrap;
import dstack.kms.onboard.setup.SelfAuthorization;
import dstack.kms.rpc.kms.OwnBootInfo;

/**
 * What a node consists of, whatever state it is in, as one configuration has it.
 *
 * <p>Closing ends what belongs to that configuration; the key store and the audit log go on.
 *
 * @param config the configuration
 * @param context clock, randomness and version
 * @param store the keys
 * @param verification of evidence
 * @param quotes this machine's own evidence
 * @param authority decides
 * @param audit takes every decision
 */
record NodeParts(
    KmsConfig config,
    NodeContext context,
    KeyStore store,
    Verification verification,
    QuoteSource quotes,
    Authority authority,
    AuditTrail audit)
    implements AutoCloseable {
  /** Wires everything that the configuration names around these keys and that log. */
  static NodeParts of(KmsConfig config, NodeContext context, KeyStore store, AuditTrail audit) {
    QuoteSource quotes = QuoteSources.of(config, context.random());
    Verification verification = verification(config, context);
    // Last, because it holds threads and nothing after it can refuse.
    Authority authority = context.authorities().of(config, context.version());
    return new NodeParts(config, context, store, verification, quotes, authority, audit);
  }

  private static Verification verification(KmsConfig config, NodeContext context) {
    try {
      return Verification.of(config, context);
    } catch (RefusalException e) {
      throw e.within("failed to load attestation verifier")
          .within("Failed to initialize KMS state");
    }
  }

  /** This machine as the authority sees it. */
  OwnEvidence ownEvidence() {
    return new OwnEvidence(quotes, verification.attestations());
  }

  /** The same, kept for a while. */
  OwnBootInfo ownBootInfo() {
    return new OwnBootInfo(
        quotes, verification.attestations(), config.life().attestSelf(), context.clock());
  }

  /** Makes the root keys. */
  Bootstrap bootstrap() {
    return new Bootstrap(store, selfAuthorization(), issuer(), quotes, context.random(), audit);
  }

  /** Takes root keys of another node over. */
  Replication replication() {
    return new Replication(
        new Replication.Parts(
            store,
            verification.attestations(),
            authority,
            quotes,
            issuer(),
            config.onboard(),
            config.rpc().engine(),
            context.random(),
            context.clock(),
            audit));
  }

  /** Takes root keys out of a backup. */
  Restore restore() {
    return new Restore(
        new Restore.Parts(
            store,
            selfAuthorization(),
            quotes,
            issuer(),
            config.onboard(),
            config.rpc().engine(),
            config.epoch(),
            context.clock(),
            context.random(),
            audit));
  }

  /** Seals the root keys to the holders of a backup. */
  BackupCreation backup() {
    return new BackupCreation(
        store, config.backup(), config.epoch(), context.clock(), context.random(), audit);
  }

  /** Keeps this node from splitting its fleet. */
  FleetGuard fleet() {
    return new FleetGuard(config.onboard(), config.rpc().engine());
  }

  /** Says what to register with the authority. */
  AttestationInfo attestationInfo() {
    return new AttestationInfo(quotes, verification.attestations(), authority, config.siteName());
  }

  /** Looks at what stands between this machine and its keys. */
  Preflight preflight() {
    return new Preflight(
        new Preflight.Parts(
            quotes,
            verification.attestations(),
            authority,
            config.release().enforceSelfAuthorization(),
            config.certDir(),
            context.clock()));
  }

  /** Renews the certificates of stored keys. */
  CertificateRefresh certificateRefresh() {
    return new CertificateRefresh(store, issuer(), context.clock());
  }

  private SelfAuthorization selfAuthorization() {
    return new SelfAuthorization(
        config.release().enforceSelfAuthorization(), ownEvidence(), authority);
  }

  private CertificateIssuer issuer() {
    return new CertificateIssuer(
        new Certificates(context.clock()), quotes, config.release().attestRpcCert());
  }

  @Override
  public void close() {
    authority.close();
    verification.close();
  }
}
