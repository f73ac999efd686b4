package dstack.kms.onboard.backup.share;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes sets and opens them.
 *
 * @param holders who gets a share each, in this order
 * @param threshold how many of them together can restore
 * @param epoch the root generation
 * @param domain the node's name
 */
public record BackupSet(List<HolderKey> holders, int threshold, int epoch, String domain) {
  private static final int DATA_KEY = 32;

  /**
   * @throws RefusalException with {@link ShareRefusal#HOLDERS} if one key stands twice, or the
   *     numbers cannot be
   */
  public BackupSet {
    holders = List.copyOf(holders);
    Set<Bytes> seen = new HashSet<>();
    for (HolderKey holder : holders) {
      if (!seen.add(holder.fingerprint())) {
        throw refused(
            "the key with fingerprint "
                + holder.fingerprint()
                + " stands twice, and its holder would have two shares");
      }
    }
    if (threshold < 2 || threshold > holders.size() || holders.size() > Manifest.MOST_HOLDERS) {
      throw refused("any " + threshold + " of " + holders.size() + " holders cannot be");
    }
  }

  /** Seals the keys: one file for each holder. */
  public List<ShareFile> seal(RootSecrets keys, Instant now, SecureRandom random) {
    byte[] setId = new byte[Manifest.SET_ID];
    random.nextBytes(setId);
    try (Secret dataKey = Secret.generate(DATA_KEY, random)) {
      List<Secret> shares = SecretShares.split(dataKey, threshold, holders.size(), random);
      try (Secret content = keys.encode()) {
        Manifest manifest = manifest(Bytes.of(setId), now, keys.identity(), shares);
        return files(manifest, PayloadCipher.seal(dataKey, manifest, content), shares);
      } finally {
        shares.forEach(Secret::close);
      }
    }
  }

  private Manifest manifest(
      Bytes setId, Instant now, Manifest.Identity identity, List<Secret> shares) {
    List<Manifest.Holder> entries = new ArrayList<>();
    for (int i = 0; i < holders.size(); i++) {
      entries.add(
          new Manifest.Holder(
              holders.get(i).fingerprint(), OpenedShare.commitment(setId, i + 1, shares.get(i))));
    }
    Instant second = Instant.ofEpochSecond(now.getEpochSecond());
    return new Manifest(setId, second, epoch, identity, domain, threshold, entries);
  }

  private List<ShareFile> files(Manifest manifest, Bytes payload, List<Secret> shares) {
    Bytes digest = ShareFile.setDigest(manifest, payload);
    List<ShareFile> files = new ArrayList<>();
    for (int i = 0; i < holders.size(); i++) {
      try (Secret content = OpenedShare.content(i + 1, shares.get(i), digest)) {
        SealedShare sealed = sealed(holders.get(i), i + 1, digest, content);
        files.add(new ShareFile(manifest, payload, i + 1, sealed));
      }
    }
    return List.copyOf(files);
  }

  private static SealedShare sealed(HolderKey holder, int index, Bytes digest, Secret content) {
    return switch (holder) {
      case HolderKey.X25519 x25519 ->
          new SealedShare(SealedShare.Kind.AGE, AgeSealing.seal(x25519, content));
      case HolderKey.P256(var key) ->
          new SealedShare(
              SealedShare.Kind.P256,
              HpkeSealing.toP256(key, OpenedShare.forHolder(digest, index), content));
    };
  }

  /**
   * Opens a set with shares of it, and proves that the keys are those that its manifest names.
   *
   * @param shares of one and the same set, at least as many as it needs
   * @throws RefusalException with {@link ShareRefusal#PAYLOAD}
   */
  public static RootSecrets open(List<OpenedShare> shares) {
    ShareFile file = shares.getFirst().file();
    Map<Integer, Secret> parts = new HashMap<>();
    shares.forEach(share -> parts.put(share.file().index(), share.share()));
    try (Secret dataKey = SecretShares.combine(parts);
        Secret content = PayloadCipher.open(dataKey, file.manifest(), file.payload())) {
      RootSecrets keys = RootSecrets.decode(content);
      if (!keys.identity().equals(file.manifest().identity())) {
        keys.close();
        throw new RefusalException(
            ShareRefusal.PAYLOAD, "the keys in the backup are not those that its manifest names");
      }
      return keys;
    }
  }

  private static RefusalException refused(String text) {
    return new RefusalException(ShareRefusal.HOLDERS, text);
  }
}
