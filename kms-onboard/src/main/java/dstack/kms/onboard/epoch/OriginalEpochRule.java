package dstack.kms.onboard.epoch;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.KeySet;
import dstack.kms.core.store.SetUp;
import dstack.kms.core.store.StoreRule;
import java.nio.file.Path;

/** Epoch 0: as ever, but no keys of a later generation. */
final class OriginalEpochRule implements StoreRule {
  private final StoredEpochs epochs;
  private final EndorsementFile endorsement;

  OriginalEpochRule(Path certDir) {
    epochs = new StoredEpochs(certDir);
    endorsement = new EndorsementFile(certDir);
  }

  @Override
  public void prepare(KeySet keys, SetUp kind) {
    check(keys);
  }

  @Override
  public void check(KeySet keys) {
    if (endorsement.exists()) {
      throw new RefusalException(
          EpochRefusal.OTHER_KEYS,
          endorsement.path() + ": the keys beside an endorsement are of a later epoch, not of 0");
    }
    epochs.requireUnique(0, RootIdentity.of(keys));
  }
}
