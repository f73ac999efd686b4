package dstack.kms.core.store;

import dstack.kms.core.file.DirectoryLadder;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.FileChange;
import dstack.kms.core.file.PosixFileActions;
import dstack.kms.core.file.ProcessOwner;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory {@code core.cert_dir}: at most one set of keys, made once and never overwritten
 * (specification 04 §3; T-07, T-14, T-40).
 *
 * <p>A directory written by any version of the original is taken over, and the original can go on
 * with ours. Both root keys existing is the one sign that there is a set.
 */
public final class KeyStore {
  private static final Logger LOG = LoggerFactory.getLogger(KeyStore.class);

  private final Path directory;
  private final FileActions actions;
  private final StoreRule rule;
  private final StagedSet staged;

  /** Guards every change, so that a second set-up waits for the first and then hears no. */
  private final ReentrantLock changing = new ReentrantLock();

  private KeyStore(Path directory, FileActions actions, StoreRule rule) {
    this.directory = directory;
    this.actions = actions;
    this.rule = rule;
    staged = new StagedSet(directory, actions);
  }

  /**
   * Opens the directory, making it if need be, and completes or discards what a stopped set-up
   * left.
   *
   * @throws RefusalException with a {@link StoreRefusal} if the directory is not safe to use
   */
  public static KeyStore open(Path directory) {
    return open(directory, StoreRule.none());
  }

  /** The same with a rule that every set which goes in or comes out has to keep to. */
  public static KeyStore open(Path directory, StoreRule rule) {
    return open(directory, new PosixFileActions(), ProcessOwner::effectiveUserId, rule);
  }

  /**
   * Reads what another node keeps in a directory, without changing anything there.
   *
   * @throws RefusalException if it is unsafe, incomplete, foreign or in the middle of a set-up
   */
  public static StoredState look(Path directory) {
    return StoreGlance.at(directory.toAbsolutePath().normalize(), ProcessOwner::effectiveUserId);
  }

  static KeyStore open(Path directory, FileActions actions, IntSupplier owner) {
    return open(directory, actions, owner, StoreRule.none());
  }

  private static KeyStore open(
      Path directory, FileActions actions, IntSupplier owner, StoreRule rule) {
    KeyStore store = new KeyStore(directory.toAbsolutePath().normalize(), actions, rule);
    store.changed("open", () -> store.takeOver(owner));
    return store;
  }

  /**
   * Whether there is a set of keys.
   *
   * @throws RefusalException with {@link StoreRefusal#FAILED} if the directory does not let look
   */
  public boolean hasKeys() {
    return staged.isCommitted() || (has(KeyFile.ROOT_CA_KEY) && has(KeyFile.ROOT_K256_KEY));
  }

  /**
   * Reads what there is.
   *
   * @param domain the configured domain, which goes before the stored one
   * @throws RefusalException if the set is incomplete or its parts do not belong together
   */
  public StoredState read(Optional<String> domain) {
    if (staged.isCommitted()) {
      changed("complete", () -> StoreLock.holding(directory, this::recover));
    }
    return hasKeys()
        ? Ruled.by(rule, new StoreReader(directory).read(domain))
        : new StoredState.Empty();
  }

  /**
   * Stores a new set, all of it or nothing.
   *
   * @throws RefusalException with {@link StoreRefusal#KEYS_EXIST} if there is a set already
   */
  public void create(KeyMaterial material, SetUp kind) {
    KeySetCheck.check(material.keys(), material.certificates());
    changing.lock();
    try (SetContents contents = SetContents.of(material)) {
      changed(
          "store keys in",
          () -> StoreLock.holding(directory, () -> create(material.keys(), contents, kind)));
    } finally {
      changing.unlock();
    }
  }

  private void create(KeySet keys, SetContents contents, SetUp kind) throws IOException {
    recover();
    if (hasKeys()) {
      throw new RefusalException(StoreRefusal.KEYS_EXIST, kind.refusal());
    }
    rule.prepare(keys, kind);
    new LeftOvers(directory, actions).setAside().ifPresent(LOG::warn);
    staged.stage(contents.byFile());
    staged.commit();
    staged.publish();
    rule.check(keys);
  }

  /**
   * Replaces certificates, each in one step; an absent one stays as it is.
   *
   * @param keys the stored keys, which the certificates must be for
   */
  public void replaceCertificates(KeySet keys, CertificateUpdate update) {
    KeySetCheck.check(keys, update);
    changing.lock();
    try (SetContents contents = SetContents.of(update)) {
      changed("store certificates in", () -> StoreLock.holding(directory, () -> replace(contents)));
    } finally {
      changing.unlock();
    }
  }

  private void replace(SetContents contents) throws IOException {
    for (Map.Entry<KeyFile, Secret> content : contents.byFile().entrySet()) {
      Path fresh = directory.resolve(".new-" + content.getKey().fileName());
      if (Presence.of(fresh)) {
        actions.delete(fresh);
      }
      actions.write(fresh, content.getValue());
      actions.sync(fresh);
      actions.rename(fresh, directory.resolve(content.getKey().fileName()));
    }
    actions.sync(directory);
  }

  private void takeOver(IntSupplier owner) throws IOException {
    DirectoryLadder.make(directory, actions);
    for (String notice : new StoreGuard(actions, owner).check(directory)) {
      LOG.warn("{}", notice);
    }
    if (staged.isCommitted() || staged.isStaged()) {
      StoreLock.holding(directory, this::recover);
    }
  }

  private void recover() throws IOException {
    if (staged.isCommitted()) {
      staged.publish();
      LOG.warn("completed the set-up that was interrupted in {}", directory);
    }
    if (staged.isStaged()) {
      staged.discard();
      LOG.warn("discarded the set-up that was interrupted in {}", directory);
    }
  }

  private boolean has(KeyFile file) {
    return Presence.of(directory.resolve(file.fileName()));
  }

  private void changed(String what, FileChange change) {
    try {
      change.make();
    } catch (IOException e) {
      String text = "cannot " + what + " " + directory + ": " + DiskReason.of(e);
      throw RefusalException.causedBy(StoreRefusal.FAILED, text, e);
    }
  }
}
