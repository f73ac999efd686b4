package dstack.kms.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** T-14 with a real process that is killed at its system calls. */
@Timeout(600)
class KeyStoreKillTest {
  /** The calls to be killed at; of the writes, which are each followed by a fsync, every third. */
  private static final Map<String, Integer> CALLS_AND_STRIDES =
      Map.of("mkdir", 1, "write", 3, "fsync", 1, "rename", 1, "rmdir", 1);

  @TempDir static Path shared;
  private static Path original;

  @TempDir Path dir;

  @BeforeAll
  static void fixtures() throws IOException {
    original = KeyFixtures.originalDirectory(shared.resolve("a/original"));
  }

  @Test
  void t14_aProcessKilledAtAnyWriteLeavesAllOrNothing() throws Exception {
    Path strace = Tool.require("strace");
    int kills = 0;
    for (Map.Entry<String, Integer> call : CALLS_AND_STRIDES.entrySet()) {
      int number = 1;
      while (kill(strace, call.getKey(), number)) {
        kills++;
        number += call.getValue();
      }
    }
    assertThat(kills).isGreaterThanOrEqualTo(30);
  }

  /** Whether there was such a call to be killed at. */
  private boolean kill(Path strace, String call, int number) throws Exception {
    Path certs = dir.resolve(call + number);
    List<String> killer =
        List.of(
            strace.toString(),
            "-f",
            "-qq",
            "-o",
            dir.resolve("trace").toString(),
            "-e",
            "trace=" + call,
            "-e",
            "inject=" + call + ":signal=SIGKILL:when=" + number);
    boolean killed = StoreProcess.run(killer, original, certs, dir.resolve("errors")) != 0;
    KeyStore store = KeyStore.open(certs);
    if (!store.hasKeys()) {
      assertThat(killed).isTrue();
      store.create(KeyFixtures.material(original, false), SetUp.BOOTSTRAP);
    }
    StoredState.Complete state = (StoredState.Complete) store.read(Optional.empty());
    assertThat(KeyFixtures.text(state.material().keys().rootCa()))
        .isEqualTo(Files.readString(original.resolve("root-ca.key")));
    return killed;
  }

  @Test
  void t07_anotherProcessCannotStoreASetAtTheSameTime() throws Exception {
    Path certs = dir.resolve("certs");
    KeyStore store = KeyStore.open(certs);
    Path errors = dir.resolve("errors");
    StoreLock.holding(
        certs,
        () -> {
          try {
            assertThat(StoreProcess.run(List.of(), original, certs, errors)).isEqualTo(1);
          } catch (IOException | RefusalException e) {
            throw e;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    assertThat(errors).content().contains("another set-up of this KMS is under way");
    assertThat(store.hasKeys()).isFalse();
    assertThat(StoreProcess.run(List.of(), original, certs, errors)).isEqualTo(0);
    assertThat(store.hasKeys()).isTrue();
  }
}
