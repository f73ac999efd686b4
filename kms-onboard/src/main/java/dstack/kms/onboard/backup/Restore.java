package dstack.kms.onboard.backup;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.EndpointUrl;
import dstack.kms.core.config.OnboardConfig;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.KeyStore;
import dstack.kms.onboard.backup.share.Manifest;
import dstack.kms.onboard.backup.share.ShareFile;
import dstack.kms.onboard.certificates.CertificateIssuer;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.peers.PeerProbe;
import dstack.kms.onboard.setup.SelfAuthorization;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a backup back into a node without keys, share by share, in one session at a time.
 *
 * <p>Before anything is stored: the keys are those that the configuration names, peers are silent,
 * the authority allows this machine, the keys are proven to be those of the manifest, and the audit
 * log has the line. Whoever reaches the set-up listener can make a set of keys that he knows; only
 * the configuration, which is measured, tells it from the fleet's.
 */
public final class Restore {
  private static final Logger log = LoggerFactory.getLogger(Restore.class);

  private final Parts parts;
  private final PeerProbe peers;

  /** One call at a time: a session is changed by one share after the other. */
  private final ReentrantLock calling = new ReentrantLock();

  private @Nullable RestoreSession current;

  /**
   * What a restore works with.
   *
   * @param store takes the keys
   * @param authorization whether this machine may be a KMS
   * @param quotes attests the session
   * @param issuer makes this node's certificate
   * @param config peers, identity and domain
   * @param engine of TLS, to ask peers with
   * @param epoch that this node serves
   * @param clock ends sessions
   * @param random makes keys
   * @param audit takes the decision
   */
  public record Parts(
      KeyStore store,
      SelfAuthorization authorization,
      QuoteSource quotes,
      CertificateIssuer issuer,
      OnboardConfig config,
      TlsEngine engine,
      int epoch,
      InstantSource clock,
      SecureRandom random,
      AuditTrail audit) {}

  /** A restore of these parts; no session runs. */
  public Restore(Parts parts) {
    this.parts = parts;
    peers = new PeerProbe(parts.config().peers(), parts.engine());
  }

  /**
   * What a holder needs to know about the session.
   *
   * @param session the session
   * @param attestation over its key and id
   */
  record Begun(RestoreSession session, Bytes attestation) {}

  /** How far a session is after a share; the manifest is that of the share. */
  record Progressed(int received, boolean restored, Manifest manifest) {}

  /** Joins the session that runs, or begins one; attested anew for everybody who asks. */
  Begun begin(RestoreSession.Terms asked, boolean fresh) {
    calling.lock();
    try {
      requireNoKeys();
      var _ = fleet();
      RestoreSession session = fresh ? null : running();
      if (session == null) {
        session = started(asked);
      } else {
        requireSameTerms(session, asked);
      }
      return new Begun(session, parts.quotes().attest(session.reportData()));
    } finally {
      calling.unlock();
    }
  }

  private RestoreSession started(RestoreSession.Terms asked) {
    Optional<String> domain = asked.domain().or(() -> parts.config().domain());
    domain.ifPresent(RpcDomain::requested);
    if (!asked.besideLiveFleet()) {
      peers.findKeys().ifPresent(Restore::refuseBeside);
    }
    end();
    RestoreSession session =
        new RestoreSession(
            parts.random(),
            parts.clock().instant(),
            new RestoreSession.Terms(asked.besideLiveFleet(), domain));
    current = session;
    CompletableFuture.delayedExecutor(RestoreSession.LIFE.toSeconds(), TimeUnit.SECONDS)
        .execute(() -> endIfStill(session));
    log.info("restore session {} begins", session.id());
    return session;
  }

  private static void refuseBeside(EndpointUrl peer) {
    throw new RefusalException(
        BackupRefusal.LIVE_PEER,
        "the KMS at "
            + peer.display()
            + " is alive: take the keys from it (Onboard.Onboard). Restoring beside it can make two"
            + " fleets, whose applications cannot read each other's data; if that is wanted, say"
            + " beside_live_fleet (--beside-live-fleet)");
  }

  /** Takes one share; with the last one needed the keys are stored. */
  Progressed share(Bytes sessionId, ShareFile file) {
    calling.lock();
    try {
      requireNoKeys();
      RestoreSession session = running(sessionId);
      requireOurs(file.manifest());
      session.add(file);
      if (!session.isComplete()) {
        log.info("restore session {} has share {}", session.id(), file.index());
        return new Progressed(session.received(), false, file.manifest());
      }
      complete(session, file);
      return new Progressed(file.manifest().threshold(), true, file.manifest());
    } finally {
      calling.unlock();
    }
  }

  private void complete(RestoreSession session, ShareFile last) {
    Map<String, String> facts = BackupFacts.of(last.manifest());
    try {
      if (!session.terms().besideLiveFleet()) {
        peers.findKeys().ifPresent(Restore::refuseBeside);
      }
      within("KMS is not allowed to restore", parts.authorization()::require);
      new RestoredKeys(parts).store(session, facts);
      log.info("restored set {}: k256 public key {}", facts.get("set"), facts.get("k256_pubkey"));
    } catch (RefusalException e) {
      session.forget(last.index());
      parts.audit().note(AuditEvent.refused(AuditKind.RESTORE, e, facts));
      throw e;
    }
    end();
  }

  private void requireNoKeys() {
    if (parts.store().hasKeys()) {
      throw new RefusalException(
          BackupRefusal.KEYS_EXIST, "KMS has keys already; nothing is restored over them");
    }
  }

  private void requireOurs(Manifest manifest) {
    if (manifest.epoch() != parts.epoch()) {
      throw new RefusalException(
          BackupRefusal.OTHER_EPOCH,
          "the backup is of epoch "
              + manifest.epoch()
              + ", this node serves epoch "
              + parts.epoch()
              + " (core.epoch)");
    }
    Bytes fleet = fleet();
    if (!fleet.equals(manifest.identity().k256())) {
      throw new RefusalException(
          BackupRefusal.OTHER_IDENTITY,
          "the backup is of the keys "
              + manifest.identity().k256()
              + ", core.onboard.identity is "
              + fleet);
    }
  }

  /** The root k256 key of the only keys that may be restored here. */
  private Bytes fleet() {
    return parts
        .config()
        .identity()
        .orElseThrow(
            () ->
                new RefusalException(
                    BackupRefusal.NO_IDENTITY,
                    "core.onboard.identity does not name the root k256 key of the fleet: without it"
                        + " anybody who reaches this listener could restore keys that he knows"));
  }

  private static void requireSameTerms(RestoreSession session, RestoreSession.Terms asked) {
    if (asked.domain().isPresent() && !asked.domain().equals(session.terms().domain())) {
      throw new RefusalException(
          BackupRefusal.DOMAIN,
          "the session that runs restores for the domain "
              + session.terms().domain().orElse("of the backup"));
    }
  }

  private RestoreSession running(Bytes sessionId) {
    RestoreSession session = running();
    if (session == null) {
      throw new RefusalException(
          BackupRefusal.NO_SESSION, "no restore session runs; the last one may have ended");
    }
    if (!session.id().equals(sessionId)) {
      throw new RefusalException(
          BackupRefusal.OTHER_SESSION, "the share is for another session than the one that runs");
    }
    return session;
  }

  private @Nullable RestoreSession running() {
    if (current != null && !parts.clock().instant().isBefore(current.ends())) {
      end();
    }
    return current;
  }

  private void endIfStill(RestoreSession session) {
    calling.lock();
    try {
      if (current == session) {
        end();
      }
    } finally {
      calling.unlock();
    }
  }

  private void end() {
    if (current != null) {
      log.info("restore session {} ends", current.id());
      current.close();
      current = null;
    }
  }

  private static void within(String context, Runnable step) {
    try {
      step.run();
    } catch (RefusalException e) {
      throw e.within(context);
    }
  }
}
