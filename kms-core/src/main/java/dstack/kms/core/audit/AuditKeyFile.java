package dstack.kms.core.audit;

import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.PathGuard;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The key on disk. Until the log that it signs has begun it has another name, so that a log that
 * has vanished is told from one that has not begun.
 */
final class AuditKeyFile {
  private static final String NAME = "audit.key";

  private final Path directory;
  private final Path file;
  private final Path fresh;
  private final FileActions actions;
  private final PathGuard guard;

  AuditKeyFile(Path directory, FileActions actions, PathGuard guard) {
    this.directory = directory;
    file = directory.resolve(NAME);
    fresh = directory.resolve(NAME + ".new");
    this.actions = actions;
    this.guard = guard;
  }

  Path file() {
    return file;
  }

  /** Whether a log with this key has begun. */
  boolean isInUse() {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * The key, a new one if there is none.
   *
   * @param hasLines whether there is something that was signed already
   */
  AuditKey open(boolean hasLines, SecureRandom random) throws IOException {
    if (isInUse()) {
      return read(file);
    }
    if (Files.exists(fresh, LinkOption.NOFOLLOW_LINKS)) {
      if (hasLines || isWhole()) {
        return read(fresh);
      }
      actions.delete(fresh);
    }
    if (hasLines) {
      throw new RefusalException(
          AuditRefusal.FOREIGN_KEY,
          "there is an audit log, and the key that signs it is not in "
              + file
              + "; restore the key, or move the log away to begin a new one");
    }
    P256PrivateKey key = P256PrivateKey.generate(random);
    try (Secret pem = key.pkcs8Pem()) {
      actions.write(fresh, pem);
    }
    actions.sync(fresh);
    actions.sync(directory);
    return new AuditKey(key);
  }

  /** A crash may have left it empty; nothing was signed with it then. */
  private boolean isWhole() throws IOException {
    try (AuditKey _ = read(fresh)) {
      return true;
    } catch (RefusalException e) {
      if (e.code() == AuditRefusal.UNSAFE) {
        throw e;
      }
      return false;
    }
  }

  private AuditKey read(Path path) throws IOException {
    guard.checkFile(path);
    try (Secret pem = Secret.takeOver(Files.readAllBytes(path))) {
      return new AuditKey(P256PrivateKey.fromPkcs8Pem(pem));
    } catch (RefusalException e) {
      throw e.within("cannot read " + path);
    }
  }

  /** The log has begun. */
  void putInUse() throws IOException {
    if (!isInUse()) {
      actions.rename(fresh, file);
      actions.sync(directory);
    }
  }
}
