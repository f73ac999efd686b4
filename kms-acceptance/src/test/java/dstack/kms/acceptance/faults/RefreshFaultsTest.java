package dstack.kms.acceptance.faults;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A start that renews every certificate, and the machine fails at every call that writes. */
@Tag("faults")
@Timeout(3600)
final class RefreshFaultsTest {
  /** All three certificates are made again where one of them is missing. */
  private record Renewal(Path keys, String answer) implements Procedure {
    static Renewal of(Host host) throws IOException {
      Node node = new Node(host, host.folder.resolve("before"));
      try (Background program = node.start()) {
        program.await(Node.SETTING_UP);
        String answer = node.bootstrapped();
        program.kill();
        Files.delete(node.certs().resolve("tmp-ca.crt"));
        return new Renewal(node.certs(), answer);
      }
    }

    @Override
    public Optional<Path> before() {
      return Optional.of(keys);
    }

    @Override
    public Optional<String> publishedBefore() {
      return Optional.of(answer);
    }

    @Override
    public void drive(Node node, Background program, Consumer<String> published) {
      program.await(Node.READY);
    }
  }

  @Test
  void t14_keysOutliveALossOfPowerAtEveryCallOfARenewal(@TempDir Path folder) throws IOException {
    try (Host host = new Host(folder)) {
      new WriteFaults(host, folder, "renewal", Renewal.of(host)).losePower();
    }
  }

  @Test
  void t14_aKilledRenewalLosesNoKey(@TempDir Path folder) throws IOException {
    try (Host host = new Host(folder)) {
      new WriteFaults(host, folder, "renewal", Renewal.of(host)).kill();
    }
  }
}
