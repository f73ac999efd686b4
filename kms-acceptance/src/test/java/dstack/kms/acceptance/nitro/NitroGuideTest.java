package dstack.kms.acceptance.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * §8 of the published guide from the registers to the keys: image, hash, both registrations by
 * {@code kms gov} on a real chain, proxy, enclave, keys; and each way in which there are none. What
 * stands in is said in {@code docs/how-to/nitro-enclave.md}.
 */
@Timeout(300)
final class NitroGuideTest {
  /** The device id of every enclave (specification 15 §4). */
  private static final String DEVICE =
      "0xde7d1b721a1e0632b7cf04edf5032c8ecffa9f9a08492152b926f1a5a7e765d7";

  /** What curl ends with. */
  private static final int CANNOT_CONNECT = 7;

  private static final int NO_TUNNEL = 56;

  private static final Pattern ENDED = Pattern.compile("the enclave ended with ([0-9]+)");

  @TempDir private Path folder;
  private Path doubles;
  private SecurityModule module;
  private GovernedKms kms;
  private Parent parent;

  private record Ended(int status, String output) {}

  @BeforeEach
  void start() throws IOException {
    doubles = Files.createTempDirectory("n"); // short, for the sockets in it
    module = new SecurityModule(folder.resolve("kms/sim"), doubles, folder.resolve("registers"));
    kms = new GovernedKms(folder.resolve("kms"), module.root());
    parent = new Parent(folder, doubles, kms);
  }

  @AfterEach
  void stop() throws IOException {
    kms.close();
    module.close();
    Program.run(List.of("rm", "-rf", doubles.toString())).success();
  }

  private Ended run(String image, Map<String, String> more) {
    try (Background running = parent.run(image, more)) {
      Matcher ended = ENDED.matcher(running.await(ENDED.pattern()));
      assertThat(ended.find()).isTrue();
      allowsTheKmsAlone();
      return new Ended(Integer.parseInt(ended.group(1)), running.output());
    } finally {
      assertThat(throughProxy("https://localhost/").status()).isEqualTo(CANNOT_CONNECT);
    }
  }

  private Program throughProxy(String url) {
    return Program.run(List.of("curl", "-sv", "-x", "http://127.0.0.1:" + parent.proxyPort, url));
  }

  /** Of the proxy that run-enclave started and that is up until it ends. */
  private void allowsTheKmsAlone() {
    for (String other :
        List.of("https://localhost:443/", "https://127.0.0.1:" + kms.port() + "/")) {
      Program refused = throughProxy(other);
      assertThat(refused.status()).as(refused.err()).isEqualTo(NO_TUNNEL);
      assertThat(refused.err()).contains("403");
    }
  }

  private void denied(String image, Map<String, String> more, String why) {
    Ended ended = run(image, more);
    assertThat(ended.status()).as(ended.output()).isEqualTo(1);
    assertThat(ended.output()).contains("enclave: no keys, status 1").contains(why);
    assertThat(parent.inEnclave("run/app_keys.json")).doesNotExist();
  }

  private static String hash(String printed) {
    Matcher hash = Pattern.compile("(?m)^OS_IMAGE_HASH=(0x[0-9a-f]{64})$").matcher(printed);
    assertThat(hash.find()).as(printed).isTrue();
    return hash.group(1);
  }

  /** By the program's own command, from the registers that were printed. */
  private static String registered(String printed) {
    Matcher pcrs = Pattern.compile("(?m)^PCR[012]=([0-9a-f]{96})$").matcher(printed);
    List<String> values = pcrs.results().map(each -> each.group(1)).toList();
    assertThat(values).hasSize(3);
    return Program.run(Host.kms("gov", "enclave-hash", values.get(0), values.get(1), values.get(2)))
        .success()
        .strip();
  }

  @Test
  void anImageGetsItsKeysWhileItsHashIsRegisteredTwiceAndNoOtherEver() throws IOException {
    String app = kms.gov("app", "create", "--device", DEVICE).at("/results/APP_ID").asString();
    String built = parent.build("image", app);
    String hash = hash(built);
    assertThat(registered(built)).contains(hash);
    // It is made anew by each build of the program and would make every image another one.
    assertThat(folder.resolve("image/rootfs/opt/kms/cache")).doesNotExist();
    assertThat(parent.showMrs("image"))
        .contains(hash)
        .isEqualTo(built.substring(built.indexOf("PCR0=")));

    kms.gov("image", "add", hash);
    denied("image", Map.of(), "Boot denied");
    kms.gov("app", "add-hash", "--app-id", app, hash);
    Ended ended = run("image", Map.of());
    assertThat(ended.status()).as(ended.output()).isZero();
    theKeysAreThoseOf(app, parent.inEnclave("run/app_keys.json"));

    denied("image", Map.of("DEBUG_ENCLAVE", "1"), "debug mode");
    parent.change("image", "changed");
    assertThat(parent.showMrs("changed")).doesNotContain(hash);
    denied("changed", Map.of(), "Boot denied");
    kms.gov("app", "remove-hash", "--app-id", app, hash);
    denied("image", Map.of(), "Boot denied");
  }

  private void theKeysAreThoseOf(String app, Path file) throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    JsonNode keys = JsonMapper.shared().readTree(Files.readString(file));
    assertThat(keys.propertyNames())
        .containsExactly(
            "disk_crypt_key",
            "env_crypt_key",
            "k256_key",
            "k256_signature",
            "gateway_app_id",
            "ca_cert",
            "key_provider");
    JsonNode published =
        JsonMapper.shared()
            .readTree(
                kms.curl(
                    "--cacert",
                    kms.rootCa(),
                    "https://localhost:"
                        + kms.port()
                        + "/prpc/GetAppEnvEncryptPubKey?json&app_id="
                        + app.substring(2)));
    assertThat(publicKey(keys.get("env_crypt_key").asString()))
        .isEqualTo(published.get("public_key").asString());
  }

  /** By openssl, of an X25519 key. */
  private static String publicKey(String key) throws IOException {
    Path der = Files.createTempFile("key", ".der");
    try {
      Files.write(der, HexFormat.of().parseHex("302e020100300506032b656e04220420" + key));
      Process openssl =
          new ProcessBuilder(
                  Tool.require("openssl").toString(),
                  "pkey",
                  "-inform",
                  "DER",
                  "-in",
                  der.toString(),
                  "-pubout",
                  "-outform",
                  "DER")
              .start();
      byte[] spki = openssl.getInputStream().readAllBytes();
      return HexFormat.of().formatHex(Arrays.copyOfRange(spki, spki.length - 32, spki.length));
    } finally {
      Files.delete(der);
    }
  }
}
