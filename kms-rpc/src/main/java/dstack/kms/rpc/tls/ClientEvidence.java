package dstack.kms.rpc.tls;

import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import dstack.kms.rpc.http.ClientConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The evidence of one connection's client, judged when a method first needs it and kept for a short
 * time: collateral may change while a connection stays open.
 */
public final class ClientEvidence {
  private static final Duration KEPT = Duration.ofMinutes(1);

  private final Optional<Bytes> certificate;
  private final EvidenceRules rules;

  /** Guards the verdict, so that evidence is verified once and not by each waiting request. */
  private final ReentrantLock judging = new ReentrantLock();

  private @Nullable Verdict verdict;

  /** Either evidence (or none), or the refusal of it. */
  private record Verdict(
      Optional<VerifiedAttestation> evidence, @Nullable RefusalException refusal, Instant when) {
    Optional<VerifiedAttestation> deliver() {
      if (refusal != null) {
        throw refusal;
      }
      return evidence;
    }
  }

  private ClientEvidence(Optional<Bytes> certificate, EvidenceRules rules) {
    this.certificate = certificate;
    this.rules = rules;
  }

  /**
   * The evidence of that connection, the same object each time while the rules are the same: a
   * connection that stays open while rules are replaced is judged again, by the new ones.
   */
  public static ClientEvidence of(ClientConnection connection, EvidenceRules rules) {
    return connection.finding(
        ClientEvidence.class,
        client -> new ClientEvidence(client.certificate(), rules),
        known -> known.rules == rules);
  }

  /**
   * The verified evidence, or empty if the client presented none. Blocks; not for event loops.
   *
   * @throws RefusalException if there is evidence that does not hold, or that cannot be verified
   *     now
   */
  public Optional<VerifiedAttestation> verified() {
    if (certificate.isEmpty()) {
      return Optional.empty();
    }
    judging.lock();
    try {
      return current(certificate.get()).deliver();
    } finally {
      judging.unlock();
    }
  }

  private Verdict current(Bytes der) {
    Instant now = rules.clock().instant();
    Verdict known = verdict;
    // A clock that was set back must not keep a verdict until it has caught up.
    if (known != null && !now.isBefore(known.when()) && now.isBefore(known.when().plus(KEPT))) {
      return known;
    }
    Verdict fresh = judge(der, now);
    boolean undecided =
        fresh.refusal() != null && fresh.refusal().code().kind() == RefusalKind.UNAVAILABLE;
    verdict = undecided ? null : fresh;
    return fresh;
  }

  private Verdict judge(Bytes der, Instant now) {
    try {
      return new Verdict(rules.judge(der), null, now);
    } catch (RefusalException refused) {
      return new Verdict(Optional.empty(), refused, now);
    }
  }
}
