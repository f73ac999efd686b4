package dstack.kms.core.store;

import dstack.kms.core.refusal.RefusalException;

/** Hands out what was read once the store's rule has let its keys pass; else erases them. */
final class Ruled {
  private Ruled() {}

  static StoredState by(StoreRule rule, StoredState state) {
    switch (state) {
      case StoredState.Empty _ -> {}
      case StoredState.Complete complete -> check(rule, complete.material().keys());
      case StoredState.CertificatesMissing missing -> check(rule, missing.keys());
    }
    return state;
  }

  private static void check(StoreRule rule, KeySet keys) {
    try {
      rule.check(keys);
    } catch (RefusalException e) {
      keys.close();
      throw e;
    }
  }
}
