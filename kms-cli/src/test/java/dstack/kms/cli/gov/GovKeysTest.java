package dstack.kms.cli.gov;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.testkit.Anvil;
import dstack.kms.testkit.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose key signs, and that it is never seen. */
final class GovKeysTest {
  private static GovChain chain;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    chain = GovChain.start();
  }

  @AfterAll
  static void stop() {
    chain.close();
  }

  private static String hash(int number) {
    return "0x" + "%064x".formatted(number);
  }

  private Path keystore() throws IOException {
    String json =
        Node.run(
            """
            import { encryptKeystoreJson } from 'ethers';
            const [address, privateKey] = process.argv.slice(1);
            console.log(await encryptKeystoreJson({ address, privateKey }, 'open sesame',
                { scrypt: { N: 1024, r: 8, p: 1 } }));
            """,
            Anvil.FIRST_ACCOUNT,
            Anvil.FIRST_KEY);
    Path file = folder.resolve("key.json");
    Files.writeString(file, json);
    return file;
  }

  @Test
  void signsWithKeyFileThatEthersMade() throws IOException {
    Path password = folder.resolve("password.txt");
    Files.writeString(password, "open sesame\n");
    String file = keystore().toString();

    Run done =
        chain.run(
            "image",
            "add",
            hash(1),
            "--keystore",
            file,
            "--password-file",
            password.toString(),
            "--yes");
    assertThat(done.status()).as(done.err()).isZero();

    Map<String, String> variables = chain.variables(chain.kms());
    variables.put("PASSWORD", "open sesame");
    Run other =
        Run.with(
            variables,
            "gov",
            "image",
            "add",
            hash(2),
            "--keystore",
            file,
            "--password-env",
            "PASSWORD",
            "--yes");
    assertThat(other.status()).as(other.err()).isZero();
    assertThat(done.out() + done.err() + other.out() + other.err()).doesNotContain("open sesame");
  }

  @Test
  void refusesAnotherPasswordWithoutRepeatingIt() throws IOException {
    Map<String, String> variables = chain.variables(chain.kms());
    variables.put("PASSWORD", "open barley");

    Run refused =
        Run.with(
            variables,
            "gov",
            "image",
            "add",
            hash(3),
            "--keystore",
            keystore().toString(),
            "--password-env",
            "PASSWORD",
            "--yes");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .contains("the password does not open the key file")
        .doesNotContain("barley");
  }

  @Test
  void refusesKeyFileWithoutAnyPassword() throws IOException {
    Run refused = chain.run("image", "add", hash(3), "--keystore", keystore().toString(), "--yes");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("--password-env or --password-file");
  }

  @Test
  void signsOutside() {
    Run done =
        chain.run(
            "image",
            "add",
            hash(4),
            "--signer",
            chain.anvil().url().toString(),
            "--from",
            Anvil.FIRST_ACCOUNT,
            "--yes");

    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out()).contains("Done: ");
  }

  @Test
  void refusesKeyOfAnotherAccountThanNamed() {
    Run refused =
        chain.run(
            "image",
            "add",
            hash(5),
            "--key-env",
            "KEY",
            "--from",
            GovChain.SECOND_ACCOUNT,
            "--yes");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("the key is that of " + Anvil.FIRST_ACCOUNT);
  }

  @Test
  void refusesTwoKeysOrNone() {
    assertThat(chain.run("image", "add", hash(5), "--yes").err()).contains("say who signs");
    assertThat(
            chain
                .run(
                    "image",
                    "add",
                    hash(5),
                    "--key-env",
                    "KEY",
                    "--signer",
                    chain.anvil().url().toString(),
                    "--yes")
                .status())
        .isEqualTo(2);
    assertThat(chain.run("image", "add", hash(5), "--key-env", "NONE", "--yes").err())
        .contains("the variable NONE is not set");
  }

  @Test
  void takesNoKeyFromTheCommandLine() {
    Run refused = chain.run("image", "add", hash(5), "--key-env", Anvil.FIRST_KEY, "--yes");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(chain.run("image", "add", hash(5), "--private-key", "x", "--yes").status())
        .isEqualTo(2);
  }

  @Test
  void neverShowsAKey() {
    Map<String, String> variables = chain.variables(chain.kms());
    variables.put("BROKEN", Anvil.FIRST_KEY + "00");

    Run done = chain.owner("image", "add", hash(6));
    Run refused =
        Run.with(variables, "gov", "image", "add", hash(7), "--key-env", "BROKEN", "--yes");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(done.out() + done.err() + refused.out() + refused.err())
        .doesNotContain(Anvil.FIRST_KEY.substring(2, 40));
  }

  @Test
  void refusesThePublicFallbackKeyOnARealChain() {
    try (Anvil real = Anvil.start("--chain-id", "8453")) {
      Map<String, String> variables =
          Map.of(
              "RPC_URL",
              real.url().toString(),
              "KEY",
              "0xdf57089febbacf7ba0bc227dafbffa9fc08a93fdc68e1e42411a14efcf23656e");

      Run refused = Run.with(variables, "gov", "deploy", "--key-env", "KEY", "--yes");
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.err()).contains("printed in public documents");
    }
  }
}
