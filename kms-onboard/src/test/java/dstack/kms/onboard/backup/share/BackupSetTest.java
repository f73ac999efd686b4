package dstack.kms.onboard.backup.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BackupSetTest {
  private static RootSecrets keys;
  private static List<HolderIdentity> holders;
  private static List<ShareFile> files;

  @BeforeAll
  static void seal() {
    keys = SampleSet.keys();
    holders = SampleSet.identities(5);
    files = SampleSet.seal(keys, 3, holders);
  }

  @AfterAll
  static void erase() {
    keys.close();
    holders.forEach(HolderIdentity::close);
  }

  @Test
  void anyThreeOfFiveGetTheSameKeysAndFewerGetNothing() {
    for (int mask = 1; mask < 32; mask++) {
      List<OpenedShare> subset = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        if ((mask >> i & 1) == 1) {
          subset.add(holders.get(i).open(files.get(i)));
        }
      }
      if (subset.size() >= 3) {
        assertSameKeys(subset);
      } else {
        refuses(() -> BackupSet.open(subset), ShareRefusal.PAYLOAD);
      }
    }
  }

  @Test
  void theManifestNamesThePublicKeysAndHolders() {
    Manifest manifest = files.getFirst().manifest();
    assertThat(manifest.identity()).isEqualTo(keys.identity());
    assertThat(manifest.created()).isEqualTo(SampleSet.NOW);
    assertThat(manifest.domain()).isEqualTo("kms.example");
    assertThat(manifest.holders())
        .extracting(Manifest.Holder::fingerprint)
        .isEqualTo(holders.stream().map(holder -> holder.publicKey().fingerprint()).toList());
  }

  @Test
  void refusesAHolderWhoStandsTwice() {
    HolderKey key = holders.getFirst().publicKey();
    refuses(() -> new BackupSet(List.of(key, key), 2, 0, "a"), ShareRefusal.HOLDERS);
  }

  @Test
  void refusesThresholdsThatOneHolderMeetsOrNobodyCan() {
    List<HolderKey> two = List.of(holders.get(0).publicKey(), holders.get(1).publicKey());
    refuses(() -> new BackupSet(two, 1, 0, "a"), ShareRefusal.HOLDERS);
    refuses(() -> new BackupSet(two, 3, 0, "a"), ShareRefusal.HOLDERS);
    refuses(() -> new BackupSet(List.of(), 2, 0, "a"), ShareRefusal.HOLDERS);
  }

  @Test
  void refusesTheShareOfSomebodyElse() {
    refuses(() -> holders.get(2).open(files.get(0)), ShareRefusal.NOT_YOURS);
    refuses(() -> holders.get(1).open(files.get(0)), ShareRefusal.NOT_YOURS);
    refuses(() -> holders.get(0).open(files.get(1)), ShareRefusal.NOT_YOURS);
  }

  @Test
  void refusesASealedShareOutOfAnotherSetOfTheSameHolder() {
    ShareFile other = SampleSet.seal(keys, 3, holders).getFirst();
    ShareFile mixed = files.getFirst().with(other.sealed());
    refuses(() -> holders.getFirst().open(mixed), ShareRefusal.ALTERED);
  }

  @Test
  void refusesKeysThatTheManifestDoesNotName() {
    // What a dealer could do who signs one identity and hides another.
    Manifest honest = files.getFirst().manifest();
    SecureRandom random = new SecureRandom();
    try (Secret dataKey = Secret.generate(32, random);
        RootSecrets others = SampleSet.keys();
        Secret content = others.encode()) {
      List<Secret> shares = SecretShares.split(dataKey, 2, 2, random);
      List<Manifest.Holder> entries = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        entries.add(
            new Manifest.Holder(
                holders.get(i).publicKey().fingerprint(),
                OpenedShare.commitment(honest.setId(), i + 1, shares.get(i))));
      }
      Manifest lying =
          new Manifest(honest.setId(), honest.created(), 0, honest.identity(), "a", 2, entries);
      Bytes payload = PayloadCipher.seal(dataKey, lying, content);
      List<OpenedShare> opened = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        ShareFile file =
            new ShareFile(
                lying, payload, i + 1, new SealedShare(SealedShare.Kind.AGE, Bytes.zeros(1)));
        opened.add(
            OpenedShare.check(file, OpenedShare.content(i + 1, shares.get(i), file.setDigest())));
      }
      refuses(() -> BackupSet.open(opened), ShareRefusal.PAYLOAD);
    }
  }

  @Test
  void refusesAShareThatTheManifestDoesNotCommitTo() {
    ShareFile file = files.getFirst();
    try (Secret foreign = Secret.generate(32, new SecureRandom())) {
      refuses(
          () -> OpenedShare.check(file, OpenedShare.content(1, foreign, file.setDigest())),
          ShareRefusal.ALTERED);
    }
  }

  private static void assertSameKeys(List<OpenedShare> shares) {
    try (RootSecrets found = BackupSet.open(shares);
        Secret ca = found.rootCa().pkcs8Der();
        Secret expectedCa = keys.rootCa().pkcs8Der();
        Secret k256 = found.k256().scalar();
        Secret expectedK256 = keys.k256().scalar();
        Secret temp = found.tempCa().pkcs8Der();
        Secret expectedTemp = keys.tempCa().pkcs8Der()) {
      assertThat(ca.matches(expectedCa)).isTrue();
      assertThat(k256.matches(expectedK256)).isTrue();
      assertThat(temp.matches(expectedTemp)).isTrue();
      assertThat(found.rootCaPem()).isEqualTo(keys.rootCaPem());
      assertThat(found.tempCaPem()).isEqualTo(keys.tempCaPem());
    }
  }

  private static void refuses(ThrowingCallable call, ShareRefusal code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusalException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }
}
