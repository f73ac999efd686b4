package dstack.kms.onboard.epoch;

import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.config.EpochFolder;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.derivation.KeyDerivation;
import dstack.kms.core.derivation.RootKeys;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.KeySet;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Looks at the generations that lie in one {@code core.cert_dir}; nothing is changed. */
public final class EpochInventory {
  private final Path certDir;
  private final StoredEpochs epochs;

  /** An inventory of that directory. */
  public EpochInventory(Path certDir) {
    this.certDir = certDir;
    epochs = new StoredEpochs(certDir);
  }

  /** Every generation that has a folder here, in order. */
  public List<EpochFacts> list() {
    return epochs.numbers().stream().map(this::facts).toList();
  }

  private EpochFacts facts(int epoch) {
    Path folder = EpochFolder.of(certDir, epoch);
    try {
      return new EpochFacts(
          epoch,
          folder.toString(),
          epochs.identity(epoch),
          epochs.rootCertificate(epoch),
          new EndorsementFile(folder).read().map(EpochEndorsement::statement),
          finding(epoch));
    } catch (RefusalException e) {
      return new EpochFacts(
          epoch,
          folder.toString(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(e.text()));
    }
  }

  private Optional<String> finding(int epoch) {
    try {
      if (epochs.with(epoch, keys -> checked(epoch, keys)).isEmpty()) {
        return Optional.of("no keys");
      }
      return Optional.empty();
    } catch (RefusalException e) {
      return Optional.of(e.text());
    }
  }

  /** What a node would check, but an interrupted set-up stays as it is. */
  private boolean checked(int epoch, KeySet keys) {
    if (epoch == 0) {
      new OriginalEpochRule(certDir).check(keys);
    } else {
      RootIdentity identity = RootIdentity.of(keys);
      epochs.requireUnique(epoch, identity);
      new LaterEpochRule(certDir, epoch, InstantSource.system(), AuditTrail.none())
          .requireNamed(identity);
    }
    return true;
  }

  /**
   * Lends a generation's identity and derivations for one call and erases the keys.
   *
   * @throws RefusalException if that generation has no keys here
   */
  <T> T with(int epoch, Function<Roots, T> use) {
    return epochs
        .with(
            epoch,
            keys -> {
              try (RootKeys roots =
                  new RootKeys(
                      P256PrivateKey.fromPkcs8Pem(keys.rootCa()),
                      Secp256k1PrivateKey.ofScalar(keys.k256()))) {
                return use.apply(new Roots(RootIdentity.of(keys), new KeyDerivation(roots)));
              }
            })
        .orElseThrow(
            () ->
                new RefusalException(
                    EpochRefusal.SKIPPED,
                    "there are no keys of epoch "
                        + epoch
                        + " in "
                        + EpochFolder.of(certDir, epoch)));
  }

  /** A generation as the list of pins needs it. */
  record Roots(RootIdentity identity, KeyDerivation derivation) {}
}
