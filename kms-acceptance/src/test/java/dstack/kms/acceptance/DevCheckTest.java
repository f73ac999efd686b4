package dstack.kms.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.Anvil;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the documentation does what it says. */
final class DevCheckTest {
  @Test
  void checksAnEmptyFolderAndKeepsItsKeysTheSecondTime(@TempDir Path folder) {
    Path directory = folder.resolve("dev");
    Program.run(check(directory)).success();
    String keys = fingerprint(directory);
    Program.run(check(directory)).success();
    assertThat(fingerprint(directory)).isEqualTo(keys).isNotEmpty();
  }

  @Test
  void letsAChainDecideFromTheFirstBootstrapToARevokedApp(@TempDir Path folder) {
    List<String> command = new ArrayList<>(check(folder.resolve("dev")));
    command.add("--chain");
    String said =
        Program.run(command, Map.of("KMS_ANVIL", Anvil.program().toString()), "").success();
    assertThat(said)
        .contains(
            "ok      no bootstrap of an OS image that is not registered",
            "ok      bootstrap is allowed once kms gov has registered all three",
            "ok      none at once when its owner forbids it again")
        .contains(" checks held, 0 failed");
  }

  @Test
  void saysWhatIsMissingWhereThereIsNoChain(@TempDir Path folder) {
    List<String> command = new ArrayList<>(check(folder.resolve("dev")));
    command.add("--chain");
    Program ended =
        Program.run(command, Map.of("KMS_ANVIL", folder.resolve("none").toString()), "");
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).startsWith("kms: --chain needs anvil").doesNotContain("\tat ");
  }

  private static List<String> check(Path directory) {
    return Host.kms(
        "dev", "--check", "--dir", directory.toString(), "--port", String.valueOf(Host.freePort()));
  }

  private static String fingerprint(Path directory) {
    return Program.run(
            List.of(
                "sh",
                "-c",
                "find \"$0\" -name 'root-*key' -o -name tmp-ca.key | sort | xargs sha256sum",
                directory.toString()))
        .success();
  }
}
