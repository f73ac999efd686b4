package dstack.kms.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  /** The two of the authorities are made again because they soon end, the third always. */
  private record Renewal(Path keys, String answer) implements Procedure {
    static Renewal of(Host host) {
      Node node = new Node(host, host.folder.resolve("before"));
      try (Background program = node.start()) {
        program.await(Node.SETTING_UP);
        String answer = node.bootstrapped();
        program.kill();
        soonEnding(node.certs(), "root-ca");
        soonEnding(node.certs(), "tmp-ca");
        return new Renewal(node.certs(), answer);
      }
    }

    private static void soonEnding(Path certs, String name) {
      List<String> command = new ArrayList<>();
      command.add(Tool.require("openssl").toString());
      command.addAll(List.of("req", "-x509", "-new", "-days", "100", "-subj", "/CN=" + name));
      command.addAll(List.of("-key", certs.resolve(name + ".key").toString()));
      command.addAll(List.of("-out", certs.resolve(name + ".crt").toString()));
      Program.run(command).success();
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
      assertThat(program.output()).contains("Renewed KMS root CA", "Renewed temporary client CA");
    }
  }

  @Test
  void t14_keysOutliveALossOfPowerAtEveryCallOfARenewal(@TempDir Path folder) {
    try (Host host = new Host(folder)) {
      new WriteFaults(host, folder, "renewal", Renewal.of(host)).losePower();
    }
  }

  @Test
  void t14_aKilledRenewalLosesNoKey(@TempDir Path folder) {
    try (Host host = new Host(folder)) {
      new WriteFaults(host, folder, "renewal", Renewal.of(host)).kill();
    }
  }
}
