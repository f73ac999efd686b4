package dstack.kms.onboard.backup;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.secret.Secret;
import dstack.kms.onboard.backup.share.OpenedShare;
import dstack.kms.onboard.backup.share.ShareFile;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One session: its key and the shares that came so far; closing erases both. For one thread at a
 * time.
 */
final class RestoreSession implements AutoCloseable {
  /** How long a session lasts. */
  static final Duration LIFE = Duration.ofMinutes(15);

  private static final int ID = 16;

  private final Bytes id;
  private final Secret key;
  private final Instant ends;
  private final Terms terms;
  private final TreeMap<Integer, OpenedShare> shares = new TreeMap<>();

  /**
   * What the session was begun with.
   *
   * @param besideLiveFleet whether live peers are no reason to refuse
   * @param domain for the node's certificate; empty for that of the backup
   */
  record Terms(boolean besideLiveFleet, Optional<String> domain) {}

  RestoreSession(SecureRandom random, Instant now, Terms terms) {
    byte[] fresh = new byte[ID];
    random.nextBytes(fresh);
    id = Bytes.of(fresh);
    key = Secret.generate(X25519.LENGTH, random);
    ends = now.plus(LIFE);
    this.terms = terms;
  }

  Bytes id() {
    return id;
  }

  Bytes publicKey() {
    return X25519.publicKey(key);
  }

  ReportData reportData() {
    return ReportData.ofRestoreSession(publicKey(), id);
  }

  Instant ends() {
    return ends;
  }

  Terms terms() {
    return terms;
  }

  int received() {
    return shares.size();
  }

  /** Zero while no share has said which set it is. */
  int needed() {
    return shares.isEmpty() ? 0 : first().manifest().threshold();
  }

  boolean isComplete() {
    return !shares.isEmpty() && received() >= needed();
  }

  List<OpenedShare> shares() {
    return List.copyOf(shares.values());
  }

  /**
   * Takes a share, opened and checked; the session stays as it was if that refuses.
   *
   * @throws RefusalException if it is not one of the set, is there already, or does not open
   */
  void add(ShareFile file) {
    if (!shares.isEmpty()) {
      requireSameSet(file);
    }
    if (shares.containsKey(file.index())) {
      throw new RefusalException(
          BackupRefusal.DUPLICATE_SHARE, "share " + file.index() + " came already");
    }
    shares.put(file.index(), OpenedShare.ofSession(key, id, file));
  }

  /** Gives a share back, so that its holder can send it again. */
  void forget(int index) {
    OpenedShare share = shares.remove(index);
    if (share != null) {
      share.close();
    }
  }

  private void requireSameSet(ShareFile file) {
    Bytes set = first().manifest().setId();
    if (!file.manifest().setId().equals(set)) {
      throw new RefusalException(
          BackupRefusal.OTHER_SET,
          "the share is of set "
              + file.manifest().setId()
              + ", this session restores set "
              + set
              + "; a fresh session takes another set");
    }
    if (!file.setDigest().equals(first().setDigest())) {
      throw new RefusalException(
          BackupRefusal.CHANGED_MANIFEST,
          "the share names set " + set + " with another manifest or other keys than those before");
    }
  }

  private ShareFile first() {
    return shares.firstEntry().getValue().file();
  }

  @Override
  public void close() {
    shares.values().forEach(OpenedShare::close);
    shares.clear();
    key.close();
  }
}
