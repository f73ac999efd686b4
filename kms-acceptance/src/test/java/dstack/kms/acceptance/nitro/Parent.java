package dstack.kms.acceptance.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.NativeDoubles;
import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The build machine and the parent instance in one: the scripts of {@code deploy/nitro} as they
 * are, tinyproxy and socat as they are, stand-ins for docker and nitro-cli on the path.
 */
final class Parent {
  private static final List<String> REAL =
      List.of("bash", "tinyproxy", "socat", "bwrap", "jq", "tar", "timeout", "apt-get", "dpkg-deb");

  private final Path folder;
  private final Path doubles;
  private final GovernedKms kms;
  final int proxyPort = Host.freePort();

  Parent(Path folder, Path doubles, GovernedKms kms) throws IOException {
    REAL.forEach(Tool::require);
    this.folder = folder;
    this.doubles = doubles;
    this.kms = kms;
    Files.copy(NativeDoubles.library(), doubles.resolve("doubles.so"));
    Program.run(List.of(script("make-base"), folder.resolve("base").toString())).success();
  }

  private Map<String, String> variables(Map<String, String> more) {
    Map<String, String> variables = new HashMap<>();
    Path standIns = ProjectRoot.path().resolve("kms-acceptance/src/test/nitro");
    variables.put("PATH", standIns + ":" + System.getenv("PATH"));
    variables.put("STAND_INS", folder.toString());
    variables.put("DOUBLES", doubles.toString());
    variables.putAll(more);
    return variables;
  }

  private static String script(String name) {
    return ProjectRoot.path().resolve("deploy/nitro").resolve(name).toString();
  }

  /** Builds an image for that application; what was printed. */
  String build(String name, String app) {
    Map<String, String> settings = new HashMap<>();
    settings.put("KMS_URL", "https://localhost:" + kms.port());
    settings.put("APP_ID", app);
    settings.put("ROOT_CA", kms.rootCa());
    settings.put("BASE", folder.resolve("base").toString());
    settings.put("JDK", System.getProperty("java.home"));
    settings.put("OUT", folder.resolve(name).toString());
    String folderOnly =
        Program.run(List.of(script("build-image"), "--folder-only"), variables(settings), "")
            .success();
    assertThat(folderOnly).doesNotContain("PCR0");
    // On another machine there is nothing of the settings but where the folder is.
    settings.keySet().retainAll(List.of("OUT"));
    return Program.run(List.of(script("build-image"), "--image-only"), variables(settings), "")
        .success();
  }

  Path image(String name) {
    return folder.resolve(name).resolve("kms-enclave.eif");
  }

  /** The same image with one byte more. */
  void change(String name, String changed) throws IOException {
    Files.createDirectories(image(changed).getParent());
    Files.copy(image(name), image(changed));
    Files.write(image(changed), new byte[] {1}, StandardOpenOption.APPEND);
  }

  /** What {@code run-enclave --show-mrs} prints. */
  String showMrs(String name) {
    return Program.run(
            List.of(script("run-enclave"), image(name).toString(), "--show-mrs"),
            variables(Map.of()),
            "")
        .success();
  }

  /** Starts proxy and enclave; the caller ends the proxy. */
  Background run(String name, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("HOSTS", "localhost");
    settings.put("PORTS", String.valueOf(kms.port()));
    settings.put("PROXY_PORT", String.valueOf(proxyPort));
    settings.put("LD_PRELOAD", doubles.resolve("doubles.so").toString());
    settings.put(NativeDoubles.VARIABLE, doubles.toString());
    return new Background(
        List.of(script("run-enclave"), image(name).toString()), variables(settings));
  }

  /** A file in the root folder of the enclave that ran last. */
  Path inEnclave(String path) {
    return folder.resolve("enclave-16").resolve(path);
  }
}
