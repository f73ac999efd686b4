package dstack.kms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** systemd itself reads the shipped unit and says how much it could do. */
final class SystemdUnitTest {
  private static final Path SHIPPED = ProjectRoot.path().resolve("deploy/systemd/kms.service");

  /** Of 10; what is left is the network, local sockets and memory that the JVM compiles into. */
  private static final int EXPOSURE = 13;

  @TempDir private Path folder;

  private record Ended(int status, String output) {}

  private static Ended analyze(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Tool.require("systemd-analyze").toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  private Ended verify(String unit) throws IOException, InterruptedException {
    String here = unit.replace("/opt/kms-server/bin/kms", "/bin/true");
    assertThat(here).isNotEqualTo(unit);
    return analyze("verify", Files.writeString(folder.resolve("kms.service"), here).toString());
  }

  private Ended security(String unit) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("kms.service"), unit);
    return analyze(
        "security", "--offline=true", "--no-pager", "--threshold=" + EXPOSURE, file.toString());
  }

  @Test
  void isValidAsItIsShipped() throws Exception {
    assertThat(verify(Files.readString(SHIPPED))).isEqualTo(new Ended(0, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DynamicUser=", "LimitCORE=", "SystemCallFilter=@"})
  void aMisspeltLineIsFound(String key) throws Exception {
    String unit = Files.readString(SHIPPED).replaceFirst("\n" + key, "\nX" + key);
    assertThat(verify("#\n" + unit).output()).contains("Unknown key 'X");
  }

  @Test
  void isExposedNoMoreThanItMustBe() throws Exception {
    assertThat(security(Files.readString(SHIPPED)).status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SystemCallFilter", "PrivateUsers", "CapabilityBoundingSet"})
  void isExposedMoreWithoutOneOfItsWalls(String key) throws Exception {
    String unit = Files.readString(SHIPPED).replaceAll("(?m)^" + key + "=.*$", "");
    assertThat(security(unit).status()).isNotZero();
  }

  /** Its user is made at each start: no file can belong to it, so what it reads all may read. */
  @Test
  void itsInstallationLetsTheServiceReadItsConfigurationAndNobodyItsSecrets() throws Exception {
    for (String name : List.of("kms.toml", "kms.env")) {
      Files.writeString(folder.resolve(name), "");
    }
    String unit = Files.readString(SHIPPED);
    List<String> lines =
        unit.lines().filter(line -> line.startsWith("#   install ")).map(this::here).toList();
    assertThat(lines).hasSize(2);
    for (String line : lines) {
      Process install = new ProcessBuilder("sh", "-c", line).directory(folder.toFile()).start();
      assertThat(install.waitFor()).as(line).isZero();
    }
    assertThat(unit)
        .contains("\nExecStart=/opt/kms-server/bin/kms serve -c /etc/kms/kms.toml\n")
        .contains("\nEnvironmentFile=-/etc/kms/kms.env\n");
    assertThat(permissions("etc/kms")).endsWith("r-x");
    assertThat(permissions("etc/kms/kms.toml")).isEqualTo("rw-r--r--");
    assertThat(permissions("etc/kms/kms.env")).isEqualTo("rw-------");
  }

  /** A line of the unit's remark, for the folder of this test; under any umask. */
  private String here(String line) {
    String command = line.substring("#   ".length()).replaceFirst(" {2,}[a-z].*$", "");
    return "umask 022 && " + command.replace(" /etc/", " " + folder + "/etc/");
  }

  private String permissions(String path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(path)));
  }

  @Test
  void keepsKeysOutOfDumpsAndSwap() throws IOException {
    assertThat(Files.readAllLines(SHIPPED))
        .contains("LimitCORE=0", "MemorySwapMax=0", "UMask=0077", "StateDirectoryMode=0700");
  }
}
