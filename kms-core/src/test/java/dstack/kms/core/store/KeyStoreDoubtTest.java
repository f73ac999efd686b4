package dstack.kms.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store does where it cannot be sure: it refuses. */
class KeyStoreDoubtTest {
  @TempDir Path dir;
  private Path original;
  private Path other;
  private Path certs;
  private KeyStore store;

  @BeforeEach
  void fixtures() throws IOException {
    original = KeyFixtures.originalDirectory(dir.resolve("a/original"));
    other = KeyFixtures.originalDirectory(dir.resolve("b/other"));
    certs = dir.resolve("certs");
    store = KeyStore.open(certs);
    store.create(KeyFixtures.material(original, true), SetUp.BOOTSTRAP);
  }

  @Test
  void t14_refusesToTakeALoopOfLinksForAnEmptyDirectory() throws IOException {
    Files.move(certs, dir.resolve("away"));
    Files.createSymbolicLink(certs, certs);

    assertRefused(StoreRefusal.FAILED, store::hasKeys);
    assertRefused(StoreRefusal.FAILED, () -> store.read(Optional.empty()));
    assertRefused(
        StoreRefusal.FAILED,
        () -> store.create(KeyFixtures.material(other, false), SetUp.BOOTSTRAP));
  }

  @Test
  void refusesRootKeysOfTwoSetsWhereBootstrapInfoTellsThemApart() throws IOException {
    byte[] two = new byte[32];
    two[31] = 2;
    Files.write(certs.resolve("root-k256.key"), two);

    assertRefused(StoreRefusal.FOREIGN, () -> store.read(Optional.empty()));
  }

  @Test
  void refusesAForeignRootCaWhereBootstrapInfoTellsItApart() throws IOException {
    Files.write(certs.resolve("root-ca.key"), Files.readAllBytes(other.resolve("root-ca.key")));
    Files.delete(certs.resolve("root-ca.crt"));

    assertRefused(StoreRefusal.FOREIGN, () -> store.read(Optional.empty()));
  }

  private static void assertRefused(StoreRefusal code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
