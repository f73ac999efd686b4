package dstack.kms.onboard.backup.share;

import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.threshold.ShamirSecretSplitter;
import org.bouncycastle.crypto.threshold.ShamirSplitSecret;
import org.bouncycastle.crypto.threshold.ShamirSplitSecretShare;

/**
 * Shamir's secret sharing over GF(2⁸) with the polynomial of AES, byte by byte; share i is the
 * value at x = i, the secret that at x = 0.
 */
final class SecretShares {
  private static final ShamirSecretSplitter.Algorithm FIELD = ShamirSecretSplitter.Algorithm.AES;

  private SecretShares() {}

  /** So many shares, any {@code threshold} of which give the secret back; the first is share 1. */
  static List<Secret> split(Secret secret, int threshold, int count, SecureRandom random) {
    ShamirSecretSplitter splitter =
        ShamirSecretSplitter.getInstance(FIELD, secret.length(), random);
    ShamirSplitSecret split = secret.expose(raw -> splitter.resplit(raw, threshold, count));
    List<Secret> shares = new ArrayList<>();
    for (ShamirSplitSecretShare share : split.getSecretShares()) {
      shares.add(Secret.takeOver(encoded(share)));
    }
    return List.copyOf(shares);
  }

  /** What the shares, by their numbers, give; another secret than the split one if too few. */
  static Secret combine(Map<Integer, Secret> shares) {
    ShamirSplitSecretShare[] parts =
        shares.entrySet().stream()
            .map(
                share ->
                    share.getValue().expose(raw -> new ShamirSplitSecretShare(raw, share.getKey())))
            .toArray(ShamirSplitSecretShare[]::new);
    try {
      return Secret.takeOver(ShamirSplitSecret.getInstance(FIELD, parts).getSecret());
    } catch (IOException e) {
      throw new UncheckedIOException("shares are in memory", e);
    }
  }

  private static byte[] encoded(ShamirSplitSecretShare share) {
    try {
      return share.getEncoded();
    } catch (IOException e) {
      throw new UncheckedIOException("shares are in memory", e);
    }
  }
}
