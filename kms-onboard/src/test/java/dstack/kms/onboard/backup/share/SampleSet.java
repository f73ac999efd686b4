package dstack.kms.onboard.backup.share;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Root keys of no node, and sets sealed from them. */
final class SampleSet {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();

  private SampleSet() {}

  static RootSecrets keys() {
    Certificates certificates = new Certificates(InstantSource.fixed(NOW));
    P256PrivateKey root = P256PrivateKey.generate(RANDOM);
    P256PrivateKey temp = P256PrivateKey.generate(RANDOM);
    return new RootSecrets(
        root,
        Secp256k1PrivateKey.generate(RANDOM),
        temp,
        certificates.rootCa(root).pem(),
        certificates.tempCa(temp).pem());
  }

  static HolderIdentity identity() {
    return new HolderIdentity.X25519Identity(Secret.generate(32, RANDOM));
  }

  static HolderIdentity p256() {
    return new HolderIdentity.P256Identity(P256PrivateKey.generate(RANDOM));
  }

  static List<HolderIdentity> identities(int count) {
    List<HolderIdentity> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(i % 2 == 0 ? identity() : p256());
    }
    return all;
  }

  static List<ShareFile> seal(RootSecrets keys, int threshold, List<HolderIdentity> holders) {
    List<HolderKey> publicKeys = holders.stream().map(HolderIdentity::publicKey).toList();
    return new BackupSet(publicKeys, threshold, 0, "kms.example").seal(keys, NOW, RANDOM);
  }

  static Secret file(Path path) {
    try {
      return Secret.takeOver(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Secret text(String text) {
    return Secret.takeOver(text.getBytes(StandardCharsets.US_ASCII));
  }

  static Bytes raw(Secret secret) {
    return secret.expose(Bytes::of);
  }
}
