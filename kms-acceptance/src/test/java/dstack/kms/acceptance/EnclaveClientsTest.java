package dstack.kms.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two clients that share no code, ours and one on node that was written from the wire's
 * documentation, get the same keys from {@code kms dev}.
 */
final class EnclaveClientsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  /** The command that {@code kms dev} prints for its own machine. */
  private static List<String> printed(Background dev) {
    String line = dev.await("kms get-keys ").strip();
    return List.of(line.substring("kms ".length()).split(" +", -1));
  }

  private static String option(List<String> command, String name) {
    return command.get(command.indexOf(name) + 1);
  }

  private Background dev(String platform) {
    return new Background(
        Host.kms(
            "dev",
            "--dir",
            folder.resolve("dev").toString(),
            "--port",
            String.valueOf(Host.freePort()),
            "--platform",
            platform),
        Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tdx", "nitro"})
  void theCommandThatDevPrintsWritesTheKeysThatTheClientOnNodeGets(String platform)
      throws Exception {
    try (Background dev = dev(platform)) {
      List<String> command = printed(dev);
      Path file = folder.resolve("app_keys.json");
      List<String> ours = new java.util.ArrayList<>(command);
      ours.addAll(List.of("-o", file.toString()));
      Program.run(Host.kms(ours.toArray(String[]::new))).success();
      if (platform.equals("nitro")) {
        return;
      }
      String theirs =
          NodeClient.run(
              "enclave.mjs",
              "",
              option(command, "--kms-url"),
              option(command, "--root-ca"),
              option(command, "--app-id"),
              Host.kms().getFirst(),
              folder.resolve("dev/sim").toString());
      JsonNode one = JSON.readTree(Files.readString(file));
      JsonNode other = JSON.readTree(theirs);
      for (String key : List.of("disk_crypt_key", "env_crypt_key", "k256_key", "k256_signature")) {
        assertThat(one.get(key)).isEqualTo(other.get(key));
      }
    }
  }

  @Test
  void endsWithOneWhereTheKmsIsAnotherAndWithThreeWhereThereIsNone() throws Exception {
    try (Background dev = dev("tdx")) {
      List<String> command = printed(dev);
      ClientKey stranger = new ClientKey(folder, "stranger");
      Path empty = Files.write(folder.resolve("empty"), new byte[] {1});
      Path otherRoot = stranger.selfIssued(empty);
      List<String> wrong = new java.util.ArrayList<>(command);
      wrong.set(wrong.indexOf("--root-ca") + 1, otherRoot.toString());
      Program refused = Program.run(Host.kms(wrong.toArray(String[]::new)));
      assertThat(refused.status()).as(refused.err()).isEqualTo(1);
      assertThat(refused.out()).isEmpty();

      List<String> nobody = new java.util.ArrayList<>(command);
      nobody.set(nobody.indexOf("--kms-url") + 1, "https://localhost:" + Host.freePort());
      nobody.addAll(List.of("--timeout", "8s"));
      Program unreachable = Program.run(Host.kms(nobody.toArray(String[]::new)));
      assertThat(unreachable.status()).as(unreachable.err()).isEqualTo(3);
      assertThat(unreachable.err()).contains("cannot connect to localhost:");
    }
  }
}
