package dstack.kms.onboard.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.core.store.KeyStore;
import dstack.kms.core.store.StoredState;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.testing.Machine;
import dstack.kms.sim.agent.AgentSocket;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** T-14 for a whole bootstrap: the process is killed at calls that change anything. */
@Timeout(600)
class BootstrapKillTest {
  private static final List<String> CALLS = List.of("mkdir", "write", "fsync", "rename", "rmdir");

  /** Every third call in each build, every one with {@code KMS_FAULTS=all}. */
  private static final int STRIDE = "all".equals(System.getenv("KMS_FAULTS")) ? 1 : 3;

  @TempDir Path folder;

  @Test
  void t14_offersBootstrapAgainOrCompletesItWhereverTheProcessIsKilled(TestReporter reporter)
      throws Exception {
    Machine machine = Machine.in(folder, InstantSource.system());
    int kills = 0;
    int completed = 0;
    try (AgentSocket agent =
        AgentSocket.serve(
            folder.resolve("agent.sock"), machine.platform(), SimulatedIdentity.standard())) {
      for (String call : CALLS) {
        int number = 1;
        while (run(call, number, agent.address()) != 0) {
          kills++;
          completed += isCompleted(folder.resolve(call + number), machine) ? 1 : 0;
          number += STRIDE;
        }
      }
    }
    reporter.publishEntry("kills", kills + ", of which completed " + completed);
    assertThat(kills).isGreaterThanOrEqualTo(40 / STRIDE);
    assertThat(completed).isPositive().isLessThan(kills);
  }

  /**
   * Whether the next start found the keys of the killed process; otherwise it can bootstrap again.
   */
  private boolean isCompleted(Path certs, Machine machine) throws IOException {
    Optional<String> published = published(certs);
    KeyStore store = KeyStore.open(certs);
    boolean completed = store.hasKeys();
    if (!completed) {
      assertThat(published).isEmpty();
      assertThat(certs.resolve("bootstrap-info.json")).doesNotExist();
      BootstrapProcess.bootstrap(store, machine.guest())
          .run(new RpcDomain("kms.example.com"), Progress.unwatched());
    }
    StoredState.Complete state = (StoredState.Complete) store.read(Optional.empty());
    try (var material = state.material()) {
      BootstrapInfo info = material.bootstrapInfo().orElseThrow();
      published.ifPresent(answer -> assertThat(info.json()).isEqualTo(answer));
    }
    return completed;
  }

  /** The answer, if the process lived long enough to give it whole. */
  private static Optional<String> published(Path certs) throws IOException {
    Path file = answerFile(certs);
    return Files.exists(file)
        ? Optional.of(Files.readString(file)).filter(text -> text.endsWith("}"))
        : Optional.empty();
  }

  private static Path answerFile(Path certs) {
    return certs.resolveSibling(certs.getFileName() + ".answer");
  }

  /** Runs the process and kills it at that call; its exit status. */
  private int run(String call, int number, String agent) throws Exception {
    Path certs = folder.resolve(call + number);
    List<String> command = new ArrayList<>();
    command.add(Tool.require("strace").toString());
    command.addAll(List.of("-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call));
    command.addAll(List.of("-e", "inject=" + call + ":signal=SIGKILL:when=" + number));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            // Otherwise the native provider unpacks itself with hundreds of writes of its own.
            "-Dcom.amazon.corretto.crypto.provider.useExternalLib=true",
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            BootstrapProcess.class.getName(),
            certs.toString(),
            agent,
            answerFile(certs).toString()));
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(errors.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    int status = process.exitValue();
    assertThat(status).as(() -> text(errors)).isIn(0, 137);
    return status;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }
}
