package dstack.kms.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.secret.Secret;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.testkit.Node;
import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The program in {@code docs/how-to/fetch-keys-in-an-enclave.md} as it stands there. */
@Timeout(180)
final class ProgramOfThePageTest {
  private static final Pattern BLOCK = Pattern.compile("(?s)```java\n(.*?)```");
  private static final String VALUE = "only for the enclave";

  /** By other people's packages: what the program must print. */
  private static final String EXPECTED =
      """
      import { hkdfSync } from 'node:crypto';
      import { secp256k1 } from '@noble/curves/secp256k1';
      import { encryptEnvVars } from '@phala/dstack-sdk/encrypt-env-vars';
      const [app, envPublicKey, value] = process.argv.slice(1);
      const key = Buffer.from(hkdfSync('sha256', Buffer.from(app, 'hex'), 'RATLS', 'wallet/eth', 32));
      console.log(Buffer.from(secp256k1.getPublicKey(key, true)).toString('hex'),
        await encryptEnvVars([{ key: 'GREETING', value }], envPublicKey));
      """;

  @TempDir private Path folder;

  private record Ended(int status, String out, String err) {}

  private static String program() throws IOException {
    String page =
        Files.readString(ProjectRoot.path().resolve("docs/how-to/fetch-keys-in-an-enclave.md"));
    Matcher block = BLOCK.matcher(page);
    assertThat(block.find()).isTrue();
    String program = block.group(1);
    assertThat(block.find()).as("a second program").isFalse();
    return program;
  }

  private void compile() throws IOException {
    Path source = Files.writeString(folder.resolve("Start.java"), program());
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(status).isZero();
  }

  private Ended run(TestServer server, Map<String, String> variables, String root, Path blob)
      throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                folder + ":" + System.getProperty("java.class.path"),
                "Start",
                "https://localhost:" + server.port(),
                root,
                server.host().enclave().identity().appId().hex(),
                blob.toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void compilesAndGetsWhatOtherImplementationsDerive() throws Exception {
    compile();
    try (TestServer server = new TestServer(folder.resolve("dev"), PlatformKind.TDX);
        TestServer stranger = new TestServer(folder.resolve("other"), PlatformKind.TDX)) {
      JsonNode keys = server.get("--root-ca", server.root()).json();
      List<String> expected = List.of(expected(keys).split(" ", -1));
      Path blob = folder.resolve("env");
      Files.write(blob, Bytes.fromHex(expected.get(1).replaceFirst("^0x", "")).toArray());
      Map<String, String> agent =
          Map.of("DSTACK_AGENT_ADDRESS", server.host().first().agentAddress());

      Ended ended = run(server, agent, server.root(), blob);
      assertThat(ended.status()).as(ended.err()).isZero();
      String plain = "{\"env\":[{\"key\":\"GREETING\",\"value\":\"" + VALUE + "\"}]}";
      assertThat(ended.out().lines())
          .containsExactly("wallet " + expected.get(0), "environment " + plain.length() + " bytes");

      Ended other = run(server, agent, stranger.root(), blob);
      assertThat(other.status()).isEqualTo(1);
      assertThat(other.out()).isEmpty();
      assertThat(other.err()).contains("does not lie under the expected root CA");
    }
  }

  private static String expected(JsonNode keys) {
    byte[] env = Bytes.fromHex(keys.get("env_crypt_key").asString()).toArray();
    try (Secret key = Secret.takeOver(env)) {
      return Node.run(
          EXPECTED, keys.get("k256_key").asString(), X25519.publicKey(key).hex(), VALUE);
    }
  }
}
