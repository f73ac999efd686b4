package dstack.kms.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.file.ProcessOwner;
import dstack.kms.core.file.RecordingActions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** T-14: whatever moment the machine stops at, the next start has all of the keys or none. */
class KeyStoreCrashTest {
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
  void t14_aCrashAtAnyStepLeavesAllOrNothing() throws IOException {
    assertThat(crashEverywhere(Files.createDirectory(dir.resolve("empty")))).isGreaterThan(40);
  }

  @Test
  void t14_aCrashWhileLeftOversAreSetAsideLosesNoRootKey() throws IOException {
    Path leftOvers = dir.resolve("left");
    KeyFixtures.copy(other, leftOvers);
    Files.delete(leftOvers.resolve("root-k256.key"));
    assertThat(crashEverywhere(leftOvers)).isGreaterThan(60);
  }

  private int crashEverywhere(Path before) throws IOException {
    Path certs = dir.resolve("recorded");
    KeyFixtures.copy(before, certs);
    RecordingActions recording = new RecordingActions(certs);
    KeyStore.open(certs, recording, ProcessOwner::effectiveUserId)
        .create(KeyFixtures.material(original, true), SetUp.BOOTSTRAP);
    int crashes = 0;
    for (int crash = 0; crash <= recording.size(); crash++) {
      for (int survived = recording.durableAt(crash); survived <= crash; survived++) {
        Path crashed = dir.resolve("crash-" + crash + "-" + survived);
        KeyFixtures.copy(before, crashed);
        recording.replay(crashed, survived, crash);
        assertTheOriginalSeesAllOrNoRootKeys(crashed);
        assertAllOrNothing(crashed, survived >= recording.commit(), before);
        crashes++;
      }
    }
    return crashes;
  }

  /** The original takes both root keys as the sign of a complete set. */
  private static void assertTheOriginalSeesAllOrNoRootKeys(Path crashed) {
    if (Files.exists(crashed.resolve("root-ca.key"))
        && Files.exists(crashed.resolve("root-k256.key"))) {
      for (String name : SEVEN) {
        assertThat(crashed.resolve(name)).hasSameBinaryContentAs(original.resolve(name));
      }
    }
  }

  private static void assertAllOrNothing(Path crashed, boolean committed, Path before)
      throws IOException {
    KeyStore store = KeyStore.open(crashed);
    assertThat(store.hasKeys()).isEqualTo(committed);
    if (committed) {
      assertThatThrownBy(() -> store.create(KeyFixtures.material(other, false), SetUp.BOOTSTRAP))
          .hasMessage("KMS has already been bootstrapped");
    } else {
      assertThat(store.read(Optional.empty())).isInstanceOf(StoredState.Empty.class);
      store.create(KeyFixtures.material(original, true), SetUp.BOOTSTRAP);
    }
    StoredState.Complete state = (StoredState.Complete) store.read(Optional.empty());
    assertThat(state.material().bootstrapInfo()).isPresent();
    for (String name : SEVEN) {
      assertThat(crashed.resolve(name)).hasSameBinaryContentAs(original.resolve(name));
    }
    if (Files.exists(before.resolve("root-ca.key"))) {
      assertThat(keptRootKey(crashed)).isEqualTo(Files.readString(other.resolve("root-ca.key")));
    }
  }

  private static String keptRootKey(Path crashed) throws IOException {
    for (int number = 1; ; number++) {
      Path kept = crashed.resolve("left-over-" + number).resolve("root-ca.key");
      if (Files.exists(kept)) {
        return Files.readString(kept);
      }
      assertThat(kept.getParent()).exists();
    }
  }
}
