package dstack.kms.acceptance.faults;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** T-14: an operator sets up a node, and the machine fails at every call that writes. */
@Tag("faults")
@Timeout(3600)
final class BootstrapFaultsTest {
  private record SetUp() implements Procedure {
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
      published.accept(node.bootstrapped());
      node.finish();
      program.await(Node.READY);
    }
  }

  @Test
  void t14_publishedKeysOutliveALossOfPowerAtEveryCall(@TempDir Path folder) {
    try (Host host = new Host(folder)) {
      new WriteFaults(host, folder, "bootstrap", new SetUp()).losePower();
    }
  }

  @Test
  void t14_aKilledSetUpLeavesAllOrNothing(@TempDir Path folder) {
    try (Host host = new Host(folder)) {
      new WriteFaults(host, folder, "bootstrap", new SetUp()).kill();
    }
  }
}
