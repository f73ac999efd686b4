package dstack.kms.onboard.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.EpochFolder;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.KeyStore;
import dstack.kms.core.store.SetUp;
import dstack.kms.core.store.StoredState;
import dstack.kms.onboard.testing.Folders;
import dstack.kms.onboard.testing.RecordingTrail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** T-42: which generation of keys a node opens, and which it does not. */
class EpochStoresTest {
  private static final Generation ZERO = Generation.fresh();
  private static final Generation ONE = Generation.fresh();
  private static final Generation TWO = Generation.fresh();

  @TempDir Path folder;
  private final RecordingTrail audit = new RecordingTrail();

  @BeforeEach
  void storeEpochZero() {
    ZERO.material(material -> KeyStore.open(certs()).create(material, SetUp.BOOTSTRAP));
  }

  @Test
  void endorsesWhatBootstrapStoresByTheEpochBefore() throws IOException {
    bootstrap(1, ONE);

    EpochEndorsement endorsement = endorsement(1);
    endorsement.requireFor(1, ONE.identity());
    endorsement.requireFrom(ZERO.identity().k256());
    assertThat(epoch(1).resolve(".epoch-endorsement.pending")).doesNotExist();
    assertServes(1, ONE);
    assertThat(audit.done(AuditKind.EPOCH))
        .singleElement()
        .satisfies(
            facts ->
                assertThat(facts)
                    .containsEntry("epoch", "1")
                    .containsEntry("how", "made")
                    .containsEntry("k256_pubkey", ONE.identity().k256().compressed().hex()));
  }

  @Test
  void takesOverOnlyKeysThatAnEndorsementNames() throws IOException {
    Files.createDirectories(epoch(1));
    Files.writeString(file(1), EpochEndorsementTest.endorse(1, ZERO, ONE).text());

    assertRefused(EpochRefusal.OTHER_KEYS, () -> store(1, TWO, SetUp.ONBOARD));
    assertThat(open(1).hasKeys()).isFalse();
    store(1, ONE, SetUp.ONBOARD);

    assertServes(1, ONE);
    assertThat(audit.done(AuditKind.EPOCH))
        .singleElement()
        .satisfies(facts -> assertThat(facts).containsEntry("how", "taken-over"));
    assertThat(audit.refused()).contains(AuditKind.EPOCH);
  }

  @Test
  void takesAnEpochOverWhereTheOneBeforeItNeverWas() throws IOException {
    Folders.delete(certs());
    Files.createDirectories(epoch(2));
    Files.writeString(file(2), EpochEndorsementTest.endorse(2, ONE, TWO).text());

    store(2, TWO, SetUp.ONBOARD);

    assertServes(2, TWO);
  }

  @Test
  void t42_refusesToTakeOverWithoutAnEndorsement() {
    assertRefused(EpochRefusal.UNENDORSED, () -> store(1, ONE, SetUp.ONBOARD));
    assertThat(open(1).hasKeys()).isFalse();
  }

  @Test
  void t42_refusesToTakeOverTheKeysOfAnotherEpoch() throws IOException {
    assertRefused(EpochRefusal.SAME_ROOT, () -> store(1, ZERO, SetUp.ONBOARD));
    Generation half = new Generation(TWO.caScalar(), ZERO.k256Scalar());
    assertRefused(EpochRefusal.SAME_ROOT, () -> store(1, half, SetUp.BOOTSTRAP));
    bootstrap(1, ONE);
    assertRefused(EpochRefusal.SAME_ROOT, () -> store(2, ONE, SetUp.BOOTSTRAP));
    assertThat(open(2).hasKeys()).isFalse();
  }

  @Test
  void t42_refusesToSkipANumber() throws IOException {
    Map<String, String> before = Folders.contents(certs());

    assertRefused(EpochRefusal.SKIPPED, () -> open(2));
    assertRefused(EpochRefusal.SKIPPED, () -> open(1_000_000));

    assertThat(Folders.contents(certs())).isEqualTo(before);
  }

  @Test
  void t42_refusesToMakeAnEpochThatExists() throws IOException {
    Files.createDirectories(epoch(1));
    Files.writeString(file(1), EpochEndorsementTest.endorse(1, ZERO, ONE).text());

    assertRefused(EpochRefusal.EXISTS, () -> store(1, TWO, SetUp.BOOTSTRAP));
    assertThat(open(1).hasKeys()).isFalse();
  }

  @Test
  void t42_refusesAStoreThatWasCopiedToAnotherNumber() throws IOException {
    bootstrap(1, ONE);
    Folders.copy(epoch(1), epoch(2));
    assertRefused(EpochRefusal.OTHER_KEYS, () -> read(2));
    // Without its endorsement it is found by its keys, and by the missing endorsement.
    Files.delete(file(2));
    assertRefused(EpochRefusal.SAME_ROOT, () -> read(2));
    assertRefused(EpochRefusal.SAME_ROOT, () -> read(1));
    assertRefused(EpochRefusal.SAME_ROOT, () -> read(1));
    Folders.delete(epoch(1));
    assertRefused(EpochRefusal.SKIPPED, () -> read(2));
  }

  @Test
  void t42_refusesALaterStoreInThePlaceOfEpochZero() throws IOException {
    bootstrap(1, ONE);
    Path elsewhere = folder.resolve("elsewhere");
    Folders.copy(epoch(1), elsewhere);

    assertRefused(
        EpochRefusal.OTHER_KEYS,
        () -> EpochStores.open(config(elsewhere, 0), InstantSource.system(), audit).read(any()));
    Folders.delete(certs().resolve("epochs"));
    Folders.copy(elsewhere, EpochFolder.of(certs(), 1));
    Files.delete(file(1));
    assertRefused(EpochRefusal.UNENDORSED, () -> read(1));
  }

  @Test
  void t42_refusesTheStoreOfEpochZeroUnderANumber() throws IOException {
    bootstrap(1, ONE);
    for (String name : Folders.contents(epoch(1)).keySet()) {
      if (!name.equals("epoch-endorsement.json")) {
        Files.deleteIfExists(epoch(1).resolve(name));
        if (Files.exists(certs().resolve(name))) {
          Files.copy(certs().resolve(name), epoch(1).resolve(name));
        }
      }
    }

    assertRefused(EpochRefusal.SAME_ROOT, () -> read(1));
    assertRefused(EpochRefusal.SAME_ROOT, () -> read(0));
  }

  @Test
  void t42_refusesAnEpochThatAnotherEpochZeroEndorsed() throws IOException {
    Files.createDirectories(epoch(1));
    Files.writeString(file(1), EpochEndorsementTest.endorse(1, TWO, ONE).text());

    assertRefused(EpochRefusal.SIGNATURE, () -> store(1, ONE, SetUp.ONBOARD));
  }

  @Test
  void t42_refusesAStoreWhoseEndorsementIsGoneOrAltered() throws IOException {
    bootstrap(1, ONE);
    String good = Files.readString(file(1));

    Files.writeString(file(1), good.replace("\"endorsed_at\":1", "\"endorsed_at\":2"));
    assertRefused(EpochRefusal.SIGNATURE, () -> read(1));
    Files.writeString(file(1), good + " ");
    assertRefused(EpochRefusal.MALFORMED, () -> read(1));
    Files.delete(file(1));
    assertRefused(EpochRefusal.UNENDORSED, () -> read(1));
    Files.writeString(file(1), good);
    assertServes(1, ONE);
  }

  @Test
  void completesASetUpThatStoppedBetweenKeysAndEndorsement() throws IOException {
    bootstrap(1, ONE);
    Files.move(file(1), epoch(1).resolve(".epoch-endorsement.pending"));

    assertServes(1, ONE);

    assertThat(file(1)).exists();
  }

  @Test
  void forgetsAnEndorsementWhoseKeysWereNeverStored() throws IOException {
    open(1);
    Files.writeString(
        epoch(1).resolve(".epoch-endorsement.pending"),
        EpochEndorsementTest.endorse(1, ZERO, TWO).text());

    bootstrap(1, ONE);

    assertServes(1, ONE);
  }

  @Test
  void storesNothingWhenTheAuditLogCannotTakeIt() throws IOException {
    audit.unwritable();

    assertThatThrownBy(() -> bootstrap(1, ONE)).isInstanceOf(RefusalException.class);

    assertThat(open(1).hasKeys()).isFalse();
    assertThat(file(1)).doesNotExist();
  }

  @Test
  void takesTheTlsFilesOfEitherFolderAndOfNoOther() {
    Map<String, String> own = Map.of("rpc.tls.key", epoch(1).resolve("rpc.key").toString());
    Map<String, String> old = Map.of("rpc.tls.key", certs().resolve("rpc.key").toString());
    Map<String, String> other = Map.of("rpc.tls.key", epoch(2).resolve("rpc.key").toString());

    assertThat(config(certs(), 1, own).epoch()).isEqualTo(1);
    assertThat(config(certs(), 1, old).epoch()).isEqualTo(1);
    assertThatThrownBy(() -> config(certs(), 1, other)).isInstanceOf(RefusalException.class);
    assertThatThrownBy(() -> config(certs(), 0, own)).isInstanceOf(RefusalException.class);
  }

  private void bootstrap(int epoch, Generation keys) {
    store(epoch, keys, SetUp.BOOTSTRAP);
  }

  private void store(int epoch, Generation keys, SetUp kind) {
    keys.material(material -> open(epoch).create(material, kind));
  }

  private void assertServes(int epoch, Generation keys) {
    StoredState.Complete state = (StoredState.Complete) read(epoch);
    try (var material = state.material()) {
      assertThat(RootIdentity.of(material.keys())).isEqualTo(keys.identity());
    }
  }

  private StoredState read(int epoch) {
    return open(epoch).read(any());
  }

  private static Optional<String> any() {
    return Optional.empty();
  }

  private KeyStore open(int epoch) {
    return EpochStores.open(config(certs(), epoch), InstantSource.system(), audit);
  }

  private static KmsConfig config(Path certDir, int epoch) {
    return config(certDir, epoch, Map.of());
  }

  private static KmsConfig config(Path certDir, int epoch, Map<String, String> more) {
    return KmsConfig.load(
        ConfigSources.none()
            .withFlags(
                Folders.merged(
                    Map.of(
                        "core.cert_dir", certDir.toString(),
                        "core.epoch", Integer.toString(epoch)),
                    more)));
  }

  private EpochEndorsement endorsement(int epoch) throws IOException {
    return EpochEndorsement.parse(Files.readString(file(epoch)));
  }

  private Path file(int epoch) {
    return epoch(epoch).resolve("epoch-endorsement.json");
  }

  private Path epoch(int epoch) {
    return EpochFolder.of(certs(), epoch);
  }

  private Path certs() {
    return folder.resolve("certs");
  }

  private static void assertRefused(EpochRefusal refusal, Runnable attempt) {
    assertThatThrownBy(attempt::run)
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).as(e.text()).isEqualTo(refusal));
  }
}
