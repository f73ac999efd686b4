package dstack.kms.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.file.FaultyActions;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.PosixFileActions;
import dstack.kms.core.file.ProcessOwner;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyStoreTest {
  private static final List<String> SEVEN =
      List.of(
          "tmp-ca.crt",
          "tmp-ca.key",
          "root-ca.crt",
          "root-ca.key",
          "rpc.crt",
          "rpc.key",
          "root-k256.key");

  @TempDir static Path shared;
  private static Path original;
  private static Path other;

  @TempDir Path dir;

  @BeforeAll
  static void fixtures() throws IOException {
    original = KeyFixtures.originalDirectory(shared.resolve("a/original"));
    other = KeyFixtures.originalDirectory(shared.resolve("b/other"));
  }

  @Test
  void storesASetThatTheOriginalCanRead() throws IOException {
    Path certs = dir.resolve("made/certs");
    KeyStore store = KeyStore.open(certs);
    assertThat(store.hasKeys()).isFalse();
    assertThat(store.read(Optional.empty())).isInstanceOf(StoredState.Empty.class);

    store.create(KeyFixtures.material(original, true), SetUp.BOOTSTRAP);

    assertThat(store.hasKeys()).isTrue();
    for (String name : SEVEN) {
      assertThat(certs.resolve(name)).hasSameBinaryContentAs(original.resolve(name));
    }
    assertThat(certs.resolve("rpc-domain")).hasContent("kms.example.org");
    BootstrapInfo info = KeyFixtures.bootstrapInfo(original);
    assertThat(Files.readString(certs.resolve("bootstrap-info.json")))
        .isEqualTo(
            "{\"ca_pubkey\":\""
                + info.caPubkey().hex()
                + "\",\"k256_pubkey\":\""
                + info.k256Pubkey().hex()
                + "\",\"attestation\":\"00010203\"}");
    assertThat(names(certs)).doesNotContain(".staging", ".committed");
  }

  @Test
  void t40_writesEverythingPrivate() throws IOException {
    Path certs = dir.resolve("certs");
    KeyStore.open(certs).create(KeyFixtures.material(original, true), SetUp.BOOTSTRAP);
    assertThat(mode(certs)).isEqualTo("rwx------");
    for (String name : names(certs)) {
      assertThat(mode(certs.resolve(name))).as(name).isEqualTo("rw-------");
    }
  }

  @Test
  void takesOverADirectoryOfTheOriginal() throws IOException {
    Path certs = copyOf(original);
    StoredState.Complete state = (StoredState.Complete) KeyStore.open(certs).read(Optional.empty());
    assertThat(KeyFixtures.text(state.material().keys().rootCa()))
        .isEqualTo(Files.readString(original.resolve("root-ca.key")));
    assertThat(state.material().keys().k256().length()).isEqualTo(32);
    assertThat(state.material().domain()).isEqualTo("kms.example.org");
    assertThat(state.material().bootstrapInfo()).isEmpty();
    assertThat(state.material().certificates().rpc())
        .isEqualTo(Files.readString(original.resolve("rpc.crt")));
  }

  @Test
  void trimsTheStoredDomainAndPrefersTheConfiguredOne() throws IOException {
    Path certs = copyOf(original);
    Files.writeString(certs.resolve("rpc-domain"), " a.example \n");
    KeyStore store = KeyStore.open(certs);
    assertThat(((StoredState.Complete) store.read(Optional.empty())).material().domain())
        .isEqualTo("a.example");
    assertThat(((StoredState.Complete) store.read(Optional.of("b"))).material().domain())
        .isEqualTo("b");
    Files.delete(certs.resolve("rpc-domain"));
    assertThat(((StoredState.Complete) store.read(Optional.of("b"))).material().domain())
        .isEqualTo("b");
    assertThatThrownBy(() -> store.read(Optional.empty()))
        .hasMessageContaining("has both root keys, but not rpc-domain");
  }

  @Test
  void t14_publishesBootstrapInfoOnlyIfItIsAboutTheStoredKeys() throws IOException {
    Path certs = copyOf(original);
    KeyStore store = KeyStore.open(certs);
    Path file = certs.resolve("bootstrap-info.json");
    BootstrapInfo info = KeyFixtures.bootstrapInfo(original);
    Files.writeString(file, info.json());
    assertThat(bootstrapInfo(store)).contains(info);
    // Both keys of another set; the second is twice the generator of SEC 2.
    Bytes twice =
        Bytes.fromHex("02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5");
    Bytes ca = KeyFixtures.bootstrapInfo(other).caPubkey();
    Files.writeString(file, new BootstrapInfo(ca, twice, info.attestation()).json());
    assertThat(bootstrapInfo(store)).isEmpty();
    for (String bad : List.of("", "x", "[]", "{}", "null", info.json().replace("k256", "x"))) {
      Files.writeString(file, bad);
      assertThat(bootstrapInfo(store)).as(bad).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void t07_refusesASecondSetUpAlsoAfterARestart(SetUp kind) throws IOException {
    Path certs = dir.resolve("certs");
    KeyStore store = KeyStore.open(certs);
    store.create(KeyFixtures.material(original, false), kind);
    for (KeyStore again : List.of(store, KeyStore.open(certs))) {
      assertThatThrownBy(() -> again.create(KeyFixtures.material(other, false), kind))
          .isInstanceOfSatisfying(
              RefusalException.class, e -> assertThat(e.code()).isEqualTo(StoreRefusal.KEYS_EXIST))
          .hasMessage(
              switch (kind) {
                case BOOTSTRAP -> "KMS has already been bootstrapped";
                case ONBOARD -> "KMS has already been onboarded";
                case RESTORE -> "KMS has keys already; nothing is restored over them";
              });
      assertThat(certs.resolve("root-ca.key"))
          .hasSameBinaryContentAs(original.resolve("root-ca.key"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void t07_ofManyRacingSetUpsOneWins(boolean sameStore) throws Exception {
    Path certs = dir.resolve("certs");
    KeyStore one = KeyStore.open(certs);
    List<Path> sources = List.of(original, other, original, other);
    // All are open before the first one writes: opening beside a set-up may be refused.
    List<KeyStore> stores =
        sources.stream().map(_ -> sameStore ? one : KeyStore.open(certs)).toList();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> racers =
          IntStream.range(0, stores.size())
              .mapToObj(i -> pool.submit(racer(stores.get(i), sources.get(i))))
              .toList();
      int winner = -1;
      for (int i = 0; i < racers.size(); i++) {
        if (racers.get(i).get()) {
          assertThat(winner).as("winners").isEqualTo(-1);
          winner = i;
        }
      }
      for (String name : SEVEN) {
        assertThat(certs.resolve(name)).hasSameBinaryContentAs(sources.get(winner).resolve(name));
      }
    }
  }

  private static Callable<Boolean> racer(KeyStore store, Path source) {
    return () -> {
      try (KeyMaterial material = KeyFixtures.material(source, false)) {
        store.create(material, SetUp.BOOTSTRAP);
        return true;
      } catch (RefusalException e) {
        assertThat(e.code()).isIn(StoreRefusal.KEYS_EXIST, StoreRefusal.BUSY);
        return false;
      }
    };
  }

  @Test
  void t40_tightensADirectoryOfAnEarlierVersion() throws IOException {
    Path certs = copyOf(original);
    Files.setPosixFilePermissions(certs, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(certs.resolve("root-k256.tmp"), "left");
    for (String name : names(certs)) {
      Files.setPosixFilePermissions(
          certs.resolve(name), PosixFilePermissions.fromString("rw-r--r--"));
    }
    KeyStore.open(certs);
    assertThat(mode(certs)).isEqualTo("rwx------");
    for (String name : names(certs)) {
      assertThat(mode(certs.resolve(name))).as(name).isEqualTo("rw-------");
    }
  }

  @Test
  void t40_namesWhatItTightened() throws IOException {
    Path certs = copyOf(original);
    Files.setPosixFilePermissions(certs, PosixFilePermissions.fromString("rwx------"));
    for (String name : names(certs)) {
      Files.setPosixFilePermissions(
          certs.resolve(name), PosixFilePermissions.fromString("rw-------"));
    }
    Path key = certs.resolve("root-ca.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw----r--"));
    StoreGuard guard = new StoreGuard(new PosixFileActions(), ProcessOwner::effectiveUserId);
    assertThat(guard.check(certs))
        .containsExactly(key + " could be read by others and is private now");
    assertThat(guard.check(certs)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"root-ca.key", "root-k256.key", "rpc.crt", "rpc-domain", "rpc.tmp"})
  void t40_refusesALinkInPlaceOfAFile(String name) throws IOException {
    Path certs = copyOf(original);
    Files.deleteIfExists(certs.resolve(name));
    Files.createSymbolicLink(certs.resolve(name), dir.resolve("elsewhere"));
    assertUnsafe(certs, certs.resolve(name) + " is a symbolic link");
  }

  @Test
  void t40_refusesALinkOrAFileInPlaceOfTheDirectory() throws IOException {
    Path link = Files.createSymbolicLink(dir.resolve("link"), copyOf(original));
    assertUnsafe(link, link + " is a symbolic link");
    Path dangling = Files.createSymbolicLink(dir.resolve("dangling"), dir.resolve("nowhere"));
    assertUnsafe(dangling, dangling + " is a symbolic link");
    assertThat(dir.resolve("nowhere")).doesNotExist();
    Path file = Files.createFile(dir.resolve("file"));
    assertUnsafe(file, file + " is no directory");
  }

  @Test
  void t40_refusesADirectoryInPlaceOfAFile() throws IOException {
    Path certs = Files.createDirectory(dir.resolve("certs"));
    Files.createDirectory(certs.resolve("root-ca.key"));
    assertUnsafe(certs, certs.resolve("root-ca.key") + " is no regular file");
  }

  @Test
  void t40_refusesAnotherOwner() throws IOException {
    Path certs = copyOf(original);
    int owner = ProcessOwner.effectiveUserId();
    assertThatThrownBy(() -> KeyStore.open(certs, new PosixFileActions(), () -> owner + 1))
        .hasMessage(certs + " belongs to user " + owner + ", this process runs as " + (owner + 1));
  }

  @Test
  void t40_refusesWhatCannotBeMadePrivate() throws IOException {
    Path certs = copyOf(original);
    Files.setPosixFilePermissions(certs, PosixFilePermissions.fromString("rwxr-xr-x"));
    FileActions readOnly = new FaultyActions(new PosixFileActions(), 1);
    assertThatThrownBy(() -> KeyStore.open(certs, readOnly, ProcessOwner::effectiveUserId))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(StoreRefusal.UNSAFE))
        .hasMessage(certs + " can be read by others and cannot be made private");
  }

  @ParameterizedTest
  @CsvSource({
    "root-ca.crt",
    "tmp-ca.crt",
    "rpc.crt",
    "root-ca.crt;rpc.crt",
    "root-ca.crt;tmp-ca.crt;rpc.crt"
  })
  void asksForMissingCertificatesAndTakesThem(String missing) throws IOException {
    Path certs = copyOf(original);
    for (String name : missing.split(";", -1)) {
      Files.delete(certs.resolve(name));
    }
    KeyStore store = KeyStore.open(certs);
    assertThatThrownBy(() -> store.create(KeyFixtures.material(other, false), SetUp.BOOTSTRAP))
        .hasMessage("KMS has already been bootstrapped");
    StoredState.CertificatesMissing state =
        (StoredState.CertificatesMissing) store.read(Optional.empty());
    assertThat(state.domain()).isEqualTo("kms.example.org");
    store.replaceCertificates(
        state.keys(), CertificateUpdate.all(KeyFixtures.material(original, false).certificates()));
    assertThat(store.read(Optional.empty())).isInstanceOf(StoredState.Complete.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tmp-ca.key", "rpc.key"})
  void refusesRootKeysWithoutTheOtherKeys(String missing) throws IOException {
    Path certs = copyOf(original);
    Files.delete(certs.resolve(missing));
    KeyStore store = KeyStore.open(certs);
    assertThatThrownBy(() -> store.read(Optional.empty()))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(StoreRefusal.INCOMPLETE))
        .hasMessageContaining("has both root keys, but not " + missing);
    assertThatThrownBy(() -> store.create(KeyFixtures.material(other, false), SetUp.ONBOARD))
        .hasMessage("KMS has already been onboarded");
  }

  @ParameterizedTest
  @ValueSource(strings = {"root-ca.key", "root-k256.key"})
  void replacesWhatWasLeftWithAtMostOneRootKeyAndKeepsACopy(String rootKey) throws IOException {
    Path certs = copyOf(other);
    Files.delete(certs.resolve(rootKey));
    Files.writeString(certs.resolve("bootstrap-info.json"), "{}");
    Files.createDirectory(certs.resolve("left-over-1"));
    List<String> left = names(certs);
    left.remove("left-over-1");
    KeyStore store = KeyStore.open(certs);
    assertThat(store.read(Optional.empty())).isInstanceOf(StoredState.Empty.class);

    store.create(KeyFixtures.material(original, false), SetUp.ONBOARD);

    assertThat(certs.resolve("bootstrap-info.json")).doesNotExist();
    assertThat(certs.resolve("root-ca.key"))
        .hasSameBinaryContentAs(original.resolve("root-ca.key"));
    assertThat(names(certs.resolve("left-over-2"))).containsExactlyElementsOf(left);
    assertThat(mode(certs.resolve("left-over-2"))).isEqualTo("rwx------");
  }

  @ParameterizedTest
  @CsvSource({
    "root-ca.crt,root-ca.crt is not a certificate of the key beside it",
    "tmp-ca.crt,tmp-ca.crt is not a certificate of the key beside it",
    "rpc.crt,rpc.crt is not a certificate of the key beside it",
    "rpc.key,rpc.crt is not a certificate of the key beside it",
    "root-ca.key,root-ca.crt is not a certificate of the key beside it"
  })
  void refusesASetOfPartsThatDoNotBelongTogether(String foreign, String text) throws IOException {
    Path certs = copyOf(original);
    Files.write(certs.resolve(foreign), Files.readAllBytes(other.resolve(foreign)));
    assertForeign(certs, text);
  }

  @ParameterizedTest
  @CsvSource({
    "root-ca.key,root-ca.key is no P-256 key",
    "tmp-ca.key,tmp-ca.key is no P-256 key",
    "rpc.key,rpc.key is no P-256 key",
    "root-k256.key,root-k256.key is no secp256k1 key",
    "root-ca.crt,root-ca.crt is no certificate",
    "rpc.crt,rpc.crt is no certificate"
  })
  void refusesFilesThatAreNotWhatTheirNamesSay(String name, String text) throws IOException {
    Path certs = copyOf(original);
    byte[] good = Files.readAllBytes(original.resolve(name));
    byte[] shorter = java.util.Arrays.copyOf(good, good.length / 2);
    byte[] longer = java.util.Arrays.copyOf(good, good.length + 1);
    for (byte[] bad : List.of(new byte[0], new byte[good.length], shorter, longer)) {
      Files.write(certs.resolve(name), bad);
      assertForeign(certs, text);
    }
  }

  @Test
  void refusesTwoSetsOfKeysAndOverwritesNeither() throws IOException {
    Path certs = copyOf(original);
    Path committed = Files.createDirectory(certs.resolve(".committed"));
    Files.copy(other.resolve("root-ca.key"), committed.resolve("root-ca.key"));
    assertThatThrownBy(() -> KeyStore.open(certs))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(StoreRefusal.FOREIGN))
        .hasMessageContaining("there are two sets of keys");
    assertThat(certs.resolve("root-ca.key"))
        .hasSameBinaryContentAs(original.resolve("root-ca.key"));
    assertThat(committed.resolve("root-ca.key"))
        .hasSameBinaryContentAs(other.resolve("root-ca.key"));
  }

  @Test
  void refusesToStoreASetThatDoesNotFit() throws IOException {
    KeyMaterial one = KeyFixtures.material(original, false);
    KeyMaterial two = KeyFixtures.material(other, false);
    Path certs = dir.resolve("certs");
    KeyStore store = KeyStore.open(certs);
    KeyMaterial mixed =
        new KeyMaterial(one.keys(), two.certificates(), one.domain(), Optional.empty());
    assertThatThrownBy(() -> store.create(mixed, SetUp.BOOTSTRAP))
        .hasMessage("root-ca.crt is not a certificate of the key beside it");
    assertThat(names(certs)).isEmpty();
  }

  @Test
  void replacesOneCertificateAndRefusesOneOfAnotherKey() throws IOException {
    Path certs = copyOf(original);
    KeyStore store = KeyStore.open(certs);
    KeyMaterial one = KeyFixtures.material(original, false);
    String foreign = KeyFixtures.material(other, false).certificates().rpc();
    assertThatThrownBy(
            () ->
                store.replaceCertificates(
                    one.keys(),
                    new CertificateUpdate(
                        Optional.empty(), Optional.empty(), Optional.of(foreign))))
        .hasMessage("rpc.crt is not a certificate of the key beside it");
    assertThat(certs.resolve("rpc.crt")).hasSameBinaryContentAs(original.resolve("rpc.crt"));

    Files.writeString(certs.resolve(".new-rpc.crt"), "left by a crash");
    String fresh = one.certificates().rpc().replace("\n", "\r\n");
    store.replaceCertificates(
        one.keys(), new CertificateUpdate(Optional.empty(), Optional.empty(), Optional.of(fresh)));
    assertThat(Files.readString(certs.resolve("rpc.crt"))).isEqualTo(fresh);
    assertThat(names(certs)).doesNotContain(".new-rpc.crt");
  }

  @Test
  void failsOnADiskFaultAtAnyStepAndCanBeTriedAgain() throws IOException {
    int step = 0;
    boolean failed = true;
    while (failed) {
      step++;
      Path certs = Files.createDirectory(dir.resolve("certs-" + step));
      Files.setPosixFilePermissions(certs, PosixFilePermissions.fromString("rwx------"));
      FaultyActions faulty = new FaultyActions(new PosixFileActions(), step);
      KeyStore store = KeyStore.open(certs, faulty, ProcessOwner::effectiveUserId);
      failed = attempt(store, original);
      boolean committed = store.hasKeys();
      if (!committed) {
        store.create(KeyFixtures.material(other, false), SetUp.BOOTSTRAP);
      }
      StoredState.Complete state = (StoredState.Complete) store.read(Optional.empty());
      assertThat(KeyFixtures.text(state.material().keys().rootCa()))
          .isEqualTo(Files.readString((committed ? original : other).resolve("root-ca.key")));
    }
    assertThat(step).isGreaterThan(30);
  }

  private static boolean attempt(KeyStore store, Path source) throws IOException {
    try {
      store.create(KeyFixtures.material(source, false), SetUp.BOOTSTRAP);
      return false;
    } catch (RefusalException e) {
      assertThat(e.code()).isEqualTo(StoreRefusal.FAILED);
      return true;
    }
  }

  @Test
  void theOriginalsTemporaryNamesAreThoseOfTheSpecification() {
    assertThat(KeyFile.values())
        .extracting(KeyFile::originalsTemporaryName)
        .contains("root-ca.tmp", "tmp-ca.tmp", "rpc.tmp", "root-k256.tmp", "rpc-domain.tmp");
  }

  private static Optional<BootstrapInfo> bootstrapInfo(KeyStore store) {
    return ((StoredState.Complete) store.read(Optional.empty())).material().bootstrapInfo();
  }

  private static void assertUnsafe(Path certs, String text) {
    assertThatThrownBy(() -> KeyStore.open(certs))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(StoreRefusal.UNSAFE))
        .hasMessage(text);
  }

  private static void assertForeign(Path certs, String text) {
    KeyStore store = KeyStore.open(certs);
    assertThatThrownBy(() -> store.read(Optional.empty()))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(StoreRefusal.FOREIGN))
        .hasMessageStartingWith(text);
  }

  private Path copyOf(Path source) throws IOException {
    Path certs = dir.resolve("certs");
    KeyFixtures.copy(source, certs);
    return certs;
  }

  /** What lies in the directory, without the lock. */
  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return new java.util.ArrayList<>(
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.equals(".lock"))
              .sorted()
              .toList());
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
