package dstack.kms.acceptance.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The helios service of the guide's light compose files, whose command a shell of our image runs.
 * The three programs that it calls are stand-ins: no helios that could follow a chain, and no
 * beacon node, can be had here. So this shows that the command finds them and is run as it stands.
 */
final class LightClientTest {
  private static final String CHECKPOINT_OF =
      "https://ethereum-sepolia-beacon-api.publicnode.com/eth/v1/beacon/states/finalized/root";

  @TempDir private Path volume;

  @Test
  void theGuidesCommandReachesHeliosWithTheCheckpointThatItFetched() {
    String script =
        """
        set -e
        CONSENSUS_RPC=https://base-sepolia.operationsolarstorm.org
        EXECUTION_RPC=https://sepolia.base.org

        ETH_CHECKPOINT=$(curl -fsSL %s | jq -r '.data.root')

        exec helios opstack \\
          --network base-sepolia \\
          --rpc-bind-ip 0.0.0.0 \\
          --rpc-port 8545 \\
          --consensus-rpc "${CONSENSUS_RPC}" \\
          --execution-rpc "${EXECUTION_RPC}" \\
          --ethereum-checkpoint "${ETH_CHECKPOINT}"
        """
            .formatted(CHECKPOINT_OF);

    assertThat(Container.of(Image.of("shell"), volume).run("sh", "-c", script).success().lines())
        .containsExactly(
            "helios",
            "opstack",
            "--network",
            "base-sepolia",
            "--rpc-bind-ip",
            "0.0.0.0",
            "--rpc-port",
            "8545",
            "--consensus-rpc",
            "https://base-sepolia.operationsolarstorm.org",
            "--execution-rpc",
            "https://sepolia.base.org",
            "--ethereum-checkpoint",
            "0x" + "0".repeat(63) + "7");
  }

  @Test
  void thePlainVariantHasNoneOfThem() {
    assertThat(Image.of("plain").root().resolve("usr/bin")).doesNotExist();
    assertThat(Image.of("plain").root().resolve("usr/local/bin/helios")).doesNotExist();
  }
}
