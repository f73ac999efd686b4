package dstack.kms.core.store;

/**
 * What else must hold for the keys of a store. The store asks on every way in and out, so that no
 * procedure that stores or reads keys can leave it out.
 */
public interface StoreRule {
  /**
   * Refuses a new set, or prepares what has to be beside it; nothing of the set is written yet and
   * nobody else changes the store.
   */
  void prepare(KeySet keys, SetUp kind);

  /** Refuses keys that must not be used from here; after each reading and each new set. */
  void check(KeySet keys);

  /** Asks for nothing more than the store itself does. */
  static StoreRule none() {
    return new StoreRule() {
      @Override
      public void prepare(KeySet keys, SetUp kind) {}

      @Override
      public void check(KeySet keys) {}
    };
  }
}
