package dstack.kms.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.evidence.NitroEnclaveEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.cli.Main;
import dstack.kms.core.authority.Authorities;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.sim.nitro.NsmExchange;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.testkit.ConnectProxy;
import dstack.kms.testkit.DevicePipe;
import dstack.kms.testkit.NativeDoubles;
import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * The way of the guide (§8) with the scripts of {@code deploy/nitro}: hash of the image,
 * registration, keys. The security module and the vsock are doubles at the system-call boundary,
 * behind which the simulated platform signs; what runs is the program and its scripts.
 */
@Timeout(300)
final class NitroEnclaveTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path folder;
  private DevHost host;
  private DevFleet fleet;
  private Path enclave;
  private Path doubles;
  private Path library;

  private record Ended(int status, String out, String err) {}

  @BeforeEach
  void start() throws IOException {
    TlsDefaults.apply();
    NodeContext context =
        new NodeContext(InstantSource.system(), RANDOM, "0.1.0", "v0.1.0 (git:0)", Authorities::of);
    host =
        DevHost.start(
            folder.resolve("dev"), PlatformKind.NITRO, new DevClock(context.clock(), RANDOM));
    fleet = DevFleet.start(host, 1, 0, Map.of(), context);
    doubles = Files.createDirectory(folder.resolve("d"));
    library = NativeDoubles.library();
    enclave = Files.createDirectory(folder.resolve("enclave"));
    installProgram();
  }

  @AfterEach
  void stop() {
    fleet.close();
    host.close();
  }

  /** The program in the enclave: the classes under test, behind the doubles. */
  private void installProgram() throws IOException {
    Files.writeString(doubles.resolve("nsm"), "");
    Path program = enclave.resolve("opt/kms/bin/kms");
    Files.createDirectories(program.getParent());
    Files.createDirectories(enclave.resolve("etc"));
    Files.copy(
        host.first().certificates().resolve("root-ca.crt"), enclave.resolve("etc/root-ca.crt"));
    Files.writeString(
        program,
        "#!/bin/sh\nexec env LD_PRELOAD='"
            + library
            + "' "
            + NativeDoubles.VARIABLE
            + "='"
            + doubles
            + "' '"
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '"
            + System.getProperty("java.class.path")
            + "' "
            + Main.class.getName()
            + " \"$@\"\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  private void settings(String more) throws IOException {
    Files.writeString(
        enclave.resolve("etc/kms-enclave.env"),
        "KMS_URL='https://localhost:"
            + fleet.first().port()
            + "'\nAPP_ID='"
            + host.enclave().identity().appId()
            + "'\nKMS_TRUST='--root-ca "
            + enclave.resolve("etc/root-ca.crt")
            + "'\nKMS_OPTIONS='--set core.device.nsm="
            + doubles.resolve("nsm")
            + "'\n"
            + more);
  }

  private Ended run(Path script, Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    List<String> command = new java.util.ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("did not end: " + Files.readString(err));
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static Path script(String name) {
    return ProjectRoot.path().resolve("deploy/nitro").resolve(name);
  }

  private Ended runEnclave() throws Exception {
    try (DevicePipe _ =
        new DevicePipe(
            doubles.resolve("nsm.response"),
            doubles.resolve("nsm.request"),
            request -> answer(Bytes.of(request)).toArray())) {
      return run(script("enclave-init"), Map.of("ENCLAVE_ROOT", enclave.toString()));
    } finally {
      Files.delete(doubles.resolve("nsm.response"));
    }
  }

  private Bytes answer(Bytes request) {
    return NsmExchange.answer(document(new ReportData(NsmExchange.userData(request))));
  }

  private Bytes document(ReportData data) {
    UnverifiedAttestation made = UnverifiedAttestation.decode(host.enclave().attest(data));
    return ((NitroEnclaveEvidence) made.evidence()).nsmQuote();
  }

  private Path measurements() throws IOException {
    CborMap payload =
        CborReader.readAllFromOpenMap(
                CborReader.readAll(document(ReportData.ZERO))
                    .asArray("COSE")
                    .get(2)
                    .asBytes("payload"))
            .asMap("payload");
    CborMap pcrs = payload.require("pcrs").asMap("pcrs");
    StringBuilder json = new StringBuilder("{\"Measurements\":{\"HashAlgorithm\":\"Sha384\"");
    for (int i = 0; i < 3; i++) {
      Bytes value = pcrs.get(i).orElseThrow().asBytes("pcr");
      json.append(",\"PCR").append(i).append("\":\"").append(value).append('"');
    }
    return Files.writeString(folder.resolve("measurements.json"), json.append("}}").toString());
  }

  @Test
  void anImageIsRegisteredByTheHashOfItsRegistersAndThenGetsItsKeys() throws Exception {
    Tool.require("jq");
    Tool.require("xxd");
    Ended measured = run(script("image-hash"), Map.of(), measurements().toString());
    assertThat(measured.status()).as(measured.err()).isZero();
    String hash =
        measured.out().lines().filter(line -> line.startsWith("OS_IMAGE_HASH=")).findFirst().get();
    String value = hash.substring("OS_IMAGE_HASH=".length());
    assertThat(value).isEqualTo("0x" + host.enclave().facts().osImageHash());

    String policy = Files.readString(((FilePolicy) host.policy()).file());
    assertThat(JsonMapper.shared().readTree(policy).at("/osImages/0").asString()).isEqualTo(value);
    settings("");
    try (ConnectProxy proxy =
        ConnectProxy.at(doubles.resolve("3.3128"), fleet.first().port(), 443)) {
      String app = "0x" + host.enclave().identity().appId();
      int at = policy.indexOf(value, policy.indexOf(app));
      Files.writeString(
          ((FilePolicy) host.policy()).file(),
          policy.substring(0, at) + "0x" + "ab".repeat(32) + policy.substring(at + 66));
      Ended before = runEnclave();
      assertThat(before.status()).as(before.err()).isEqualTo(1);
      assertThat(before.err()).contains("Boot denied");
      assertThat(enclave.resolve("run/app_keys.json")).doesNotExist();

      Files.writeString(((FilePolicy) host.policy()).file(), policy);
      Ended after = runEnclave();
      assertThat(after.status()).as(after.err()).isZero();
      Path keys = enclave.resolve("run/app_keys.json");
      assertThat(JsonMapper.shared().readTree(Files.readString(keys)).get("k256_key").asString())
          .hasSize(64);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
          .isEqualTo("rw-------");
      assertThat(after.out()).isEmpty();
      assertThat(after.err()).doesNotContain("IN CLEAR");
      assertThat(proxy.heads())
          .allSatisfy(
              head -> assertThat(head).startsWith("CONNECT localhost:" + fleet.first().port()));
    }
  }

  @Test
  void startsTheApplicationWithThePathOfItsKeys() throws Exception {
    settings("APPLICATION='printenv APP_KEYS'\n");
    try (ConnectProxy proxy = ConnectProxy.at(doubles.resolve("3.3128"), fleet.first().port())) {
      Ended ended = runEnclave();
      assertThat(ended.status()).as(ended.err()).isZero();
      assertThat(ended.out()).isEqualTo(enclave.resolve("run/app_keys.json") + "\n");
      assertThat(proxy.heads()).isNotEmpty();
    }
  }

  /** As {@code run-enclave} takes them; only the kernel's vsock is a double. */
  @Test
  void sendsTheKeysToTheHostOnlyWhereTheImageSaysSoAndSaysItLoudly() throws Exception {
    String socat = Tool.require("socat").toString();
    settings(
        "KEYS_TO_HOST=9999\nexport LD_PRELOAD KMS_DOUBLES\nLD_PRELOAD='"
            + library
            + "'\nKMS_DOUBLES='"
            + doubles
            + "'\n");
    Path received = folder.resolve("received.json");
    ProcessBuilder receiver =
        new ProcessBuilder(
            "sh",
            "-c",
            "umask 077 && exec \"$0\" -u VSOCK-LISTEN:9999 \"CREATE:$1\"",
            socat,
            received.toString());
    receiver.environment().put("LD_PRELOAD", library.toString());
    receiver.environment().put(NativeDoubles.VARIABLE, doubles.toString());
    Process receiving = receiver.redirectErrorStream(true).start();
    try (ConnectProxy proxy = ConnectProxy.at(doubles.resolve("3.3128"), fleet.first().port())) {
      Ended ended = runEnclave();
      assertThat(ended.status()).as(ended.err()).isZero();
      assertThat(proxy.heads()).isNotEmpty();
      assertThat(ended.err()).contains("SENDING THE KEYS TO THE HOST IN CLEAR");
      assertThat(receiving.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.mismatch(received, enclave.resolve("run/app_keys.json"))).isEqualTo(-1);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(received)))
          .isEqualTo("rw-------");
    } finally {
      receiving.destroyForcibly();
    }
  }

  @Test
  void getsNothingWithoutTheParentsProxyOrPastItsList() throws Exception {
    settings("TIMEOUT=6s\n");
    Ended alone = runEnclave();
    assertThat(alone.status()).as(alone.err()).isEqualTo(3);
    assertThat(alone.err()).contains("vsock:3:3128");
    try (ConnectProxy proxy = ConnectProxy.at(doubles.resolve("3.3128"), 443)) {
      Ended barred = runEnclave();
      assertThat(barred.status()).as(barred.err()).isEqualTo(3);
      assertThat(barred.err()).contains("opens no tunnel: status 403");
      assertThat(proxy.heads()).isNotEmpty();
    }
  }

  @Test
  void theHashOfADebugOrMalformedImageIsNoHash() throws Exception {
    Tool.require("jq");
    for (String pcr : List.of("0".repeat(96), "ab", "zz".repeat(48), "")) {
      Path file =
          Files.writeString(
              folder.resolve("m.json"),
              "{\"PCR0\":\"" + pcr + "\",\"PCR1\":\"" + pcr + "\",\"PCR2\":\"" + pcr + "\"}",
              StandardCharsets.UTF_8);
      Ended ended = run(script("image-hash"), Map.of(), file.toString());
      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.out()).doesNotContain("OS_IMAGE_HASH");
    }
  }

  /** Whatever is wrong, nothing is built of it. */
  @Test
  void buildsNothingOfSettingsThatAreNone() throws Exception {
    Map<String, String> right =
        Map.of(
            "KMS_URL", "https://kms.example:12001",
            "APP_ID", "11".repeat(20),
            "BASE", "/nonexistent",
            "JDK", "/nonexistent",
            "ROOT_CA", "/nonexistent",
            "OUT", folder.resolve("built").toString());
    Map<String, List<String>> wrong =
        Map.of(
            "KMS_URL", List.of("http://kms.example", "https://a b", "https://a'b", "kms.example"),
            "APP_ID", List.of("11", "11".repeat(21), "zz".repeat(20), "11".repeat(20) + "'"),
            "ROOT_CA", List.of(""),
            "K256_PUBKEY", List.of("04" + "11".repeat(32), "02", "0x02" + "11".repeat(32)),
            "KMS_OPTIONS", List.of("'; reboot; '", "a\nb"),
            "APPLICATION", List.of("it's"),
            "TIMEOUT", List.of("30s'"),
            "KEYS_TO_HOST", List.of("x", "99'", "-1"));
    for (Map.Entry<String, List<String>> setting : wrong.entrySet()) {
      for (String value : setting.getValue()) {
        Map<String, String> variables = new HashMap<>(right);
        variables.put(setting.getKey(), value);
        Ended ended = run(script("build-image"), variables);
        assertThat(ended.status()).as(setting + ended.err()).isEqualTo(2);
        assertThat(ended.err()).startsWith("build-image: ");
      }
    }
    assertThat(folder.resolve("built")).doesNotExist();
  }

  @Test
  void shellcheckFindsNothingInTheScripts() throws Exception {
    Tool.require("shellcheck");
    for (String name :
        List.of("enclave-init", "image-hash", "make-base", "build-image", "run-enclave")) {
      Ended ended = run(Tool.require("shellcheck"), Map.of(), script(name).toString());
      assertThat(ended.out()).isEmpty();
      assertThat(ended.status()).isZero();
    }
  }
}
