package dstack.kms.onboard.epoch;

import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.config.EpochFolder;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.KeySet;
import dstack.kms.core.store.SetUp;
import dstack.kms.core.store.StoreRule;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** An epoch above 0: its keys are those that an endorsement of this number names (ADR 0013). */
final class LaterEpochRule implements StoreRule {
  private final int epoch;
  private final StoredEpochs epochs;
  private final EndorsementFile file;
  private final InstantSource clock;
  private final AuditTrail audit;

  LaterEpochRule(Path certDir, int epoch, InstantSource clock, AuditTrail audit) {
    this.epoch = epoch;
    epochs = new StoredEpochs(certDir);
    file = new EndorsementFile(EpochFolder.of(certDir, epoch));
    this.clock = clock;
    this.audit = audit;
  }

  /** Before anything is opened: whether this epoch can be here at all. */
  void requireReachable() {
    if (file.exists()) {
      endorsement().requireFor(epoch);
    } else if (epochs.identity(epoch - 1).isEmpty()) {
      throw new RefusalException(
          EpochRefusal.SKIPPED,
          "core.epoch = "
              + epoch
              + ", but there are no keys of epoch "
              + (epoch - 1)
              + " to make it from, and no "
              + file.path()
              + " to take it over by");
    }
  }

  @Override
  public void prepare(KeySet keys, SetUp kind) {
    try {
      RootIdentity identity = RootIdentity.of(keys);
      epochs.requireUnique(epoch, identity);
      if (kind == SetUp.BOOTSTRAP) {
        endorse(identity);
      } else {
        EpochEndorsement endorsement = endorsement();
        endorsement.requireFor(epoch, identity);
        audit.require(AuditEvent.done(AuditKind.EPOCH, facts("taken-over", endorsement)));
      }
    } catch (RefusalException e) {
      audit.note(AuditEvent.refused(AuditKind.EPOCH, e, Map.of("epoch", number())));
      throw e;
    }
  }

  private void endorse(RootIdentity identity) {
    if (file.exists()) {
      throw new RefusalException(
          EpochRefusal.EXISTS,
          "epoch "
              + epoch
              + " exists: "
              + file.path()
              + " names its keys; take them over from a node that has them");
    }
    EpochEndorsement endorsement =
        epochs
            .with(epoch - 1, previous -> signed(previous, identity))
            .orElseThrow(
                () ->
                    new RefusalException(
                        EpochRefusal.SKIPPED,
                        "epoch " + epoch + " is made from the keys of the one before it"));
    audit.require(AuditEvent.done(AuditKind.EPOCH, facts("made", endorsement)));
    file.writePending(endorsement);
  }

  private EpochEndorsement signed(KeySet previous, RootIdentity identity) {
    EpochStatement statement =
        new EpochStatement(
            epoch, clock.instant().getEpochSecond(), RootIdentity.of(previous), identity);
    try (Secp256k1PrivateKey root = Secp256k1PrivateKey.ofScalar(previous.k256())) {
      return EpochEndorsement.make(statement, root);
    }
  }

  @Override
  public void check(KeySet keys) {
    RootIdentity identity = RootIdentity.of(keys);
    epochs.requireUnique(epoch, identity);
    file.completePending(epoch, identity);
    requireNamed(identity);
  }

  /** Refuses keys that the endorsement here does not name; changes nothing. */
  void requireNamed(RootIdentity identity) {
    EpochEndorsement endorsement = endorsement();
    endorsement.requireFor(epoch, identity);
    epochs.identity(epoch - 1).ifPresent(previous -> requireFrom(endorsement, previous));
  }

  private void requireFrom(EpochEndorsement endorsement, RootIdentity previous) {
    try {
      endorsement.requireFrom(previous.k256());
    } catch (RefusalException e) {
      throw e.within("epoch " + (epoch - 1) + " here is not the one that endorsed epoch " + epoch);
    }
  }

  private EpochEndorsement endorsement() {
    return file.read()
        .orElseThrow(
            () ->
                new RefusalException(
                    EpochRefusal.UNENDORSED,
                    "keys of epoch " + epoch + " need " + file.path() + ", which names them"));
  }

  private Map<String, String> facts(String how, EpochEndorsement endorsement) {
    EpochStatement statement = endorsement.statement();
    return Map.of(
        "epoch", number(),
        "how", how,
        "previous_k256_pubkey", statement.previous().k256().compressed().hex(),
        "k256_pubkey", statement.current().k256().compressed().hex(),
        "ca_pubkey_sha256", statement.current().keyProviderDigest().hex());
  }

  private String number() {
    return Integer.toString(epoch);
  }
}
