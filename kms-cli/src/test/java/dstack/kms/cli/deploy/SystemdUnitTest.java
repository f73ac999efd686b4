package dstack.kms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void keepsKeysOutOfDumpsAndSwap() throws IOException {
    assertThat(Files.readAllLines(SHIPPED))
        .contains("LimitCORE=0", "MemorySwapMax=0", "UMask=0077", "StateDirectoryMode=0700");
  }
}
