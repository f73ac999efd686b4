package dstack.kms.acceptance.faults;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** T-14: a node takes the keys of another over, and fails at every call that writes. */
@Tag("faults")
@Timeout(3600)
final class TakeOverFaultsTest {
  /** A node with keys beside the one that fails; the next start then makes keys of its own. */
  private record Source(Background program, String url) implements AutoCloseable {
    static Source on(Host host) {
      int port = Host.freePort();
      Map<String, String> settings =
          Map.of(
              "KMS_RPC_PORT",
              String.valueOf(port),
              "KMS_CORE_OPERATIONS_PORT",
              String.valueOf(Host.freePort()),
              "KMS_CORE_ONBOARD_AUTO_BOOTSTRAP_DOMAIN",
              "localhost");
      Node node = new Node(host, host.folder.resolve("source"));
      Source source = new Source(node.start(List.of(), settings), "https://localhost:" + port);
      source.program.await(Node.READY);
      return source;
    }

    @Override
    public void close() {
      program.close();
    }
  }

  private record TakeOver(String source) implements Procedure {
    @Override
    public Optional<Path> before() {
      return Optional.empty();
    }

    @Override
    public Optional<String> publishedBefore() {
      return Optional.empty();
    }

    @Override
    public void drive(Node node, Background program, Consumer<String> published) {
      program.await(Node.SETTING_UP);
      published.accept(node.onboarded(source));
      node.finish();
      program.await(Node.READY);
    }
  }

  @Test
  void t14_takenKeysOutliveALossOfPowerAtEveryCall(@TempDir Path folder) {
    try (Host host = new Host(folder);
        Source source = Source.on(host)) {
      new WriteFaults(host, folder, "take-over", new TakeOver(source.url())).losePower();
    }
  }

  @Test
  void t14_aKilledTakeOverLeavesAllOrNothing(@TempDir Path folder) {
    try (Host host = new Host(folder);
        Source source = Source.on(host)) {
      new WriteFaults(host, folder, "take-over", new TakeOver(source.url())).kill();
    }
  }
}
