package dstack.kms.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dstack.kms.cli.Run;
import dstack.kms.cli.doctor.Finding.Level;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.authority.Authorities;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.sim.agent.AgentSocket;
import dstack.kms.sim.pccs.SimulatedPccs;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A machine on which all is well, and then one thing wrong at a time. */
final class DoctorTest {
  private static final String LIMITS =
      """
      Limit                     Soft Limit           Hard Limit           Units
      Max core file size        %s                    unlimited            bytes
      Max open files            %s              1048576              files
      """;

  @TempDir private Path folder;
  private final Map<String, String> flags = new HashMap<>();
  private SimulatedPccs pccs;
  private AgentSocket agent;
  private InstantSource clock = InstantSource.system();

  @BeforeEach
  void aMachineOnWhichAllIsWell() throws IOException {
    SimulatedPlatform platform =
        SimulatedPlatform.open(folder.resolve("sim"), InstantSource.system(), new SecureRandom());
    pccs = SimulatedPccs.serve(0, platform);
    agent = AgentSocket.serve(folder.resolve("agent.sock"), platform, SimulatedIdentity.standard());
    kernel("proc/meminfo", "MemTotal:  4000000 kB\nSwapTotal:  0 kB\n");
    kernel("proc/self/limits", LIMITS.formatted("0", "65536"));
    kernel("dev/random", "0123456789abcdef0123456789abcdef");
    kernel("sys/fs/cgroup/memory.max", "max\n");
    Path certs = Files.createDirectory(folder.resolve("certs"), mode("rwx------"));
    Path policy =
        Files.writeString(
            folder.resolve("policy.json"),
            "{\"osImages\":[],\"gatewayAppId\":\"\",\"kms\":{\"mrAggregated\":[],\"devices\":[],"
                + "\"allowAnyDevice\":false},\"apps\":{}}");
    flags.put("core.cert_dir", certs.toString());
    flags.put("core.agent_address", agent.address());
    flags.put("core.attestation.urls.pccs", pccs.url());
    flags.put("core.attestation.urls.amd_kds", pccs.url() + "/vcek/v1");
    flags.put("core.auth_api.type", "file");
    flags.put("core.auth_api.file.path", policy.toString());
    flags.put("rpc.address", "127.0.0.1");
    flags.put("rpc.port", "0");
    flags.put("core.onboard.enabled", "false");
    flags.put("core.operations.port", "0");
  }

  @AfterEach
  void close() throws IOException {
    pccs.close();
    agent.close();
  }

  private static java.nio.file.attribute.FileAttribute<?> mode(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }

  private void kernel(String path, String text) throws IOException {
    Path file = folder.resolve("root").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<Finding> examine() {
    NodeContext context = new NodeContext(clock, new SecureRandom(), "1", "v1", Authorities::of);
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFlags(flags));
    return Doctor.examine(new Host(config, context, folder.resolve("root")), false);
  }

  /** The one finding that is not good. */
  private Finding wrong() {
    List<Finding> bad =
        examine().stream()
            .filter(each -> each.level() != Level.OK)
            // Temporary folders of tests lie where they lie.
            .filter(each -> !each.found().startsWith("lies on "))
            .toList();
    assertThat(bad).hasSize(1);
    assertThat(bad.getFirst().advice()).isNotBlank().endsWith(".");
    return bad.getFirst();
  }

  private void requireWrong(String check, Level level, String text) {
    Finding wrong = wrong();
    assertThat(wrong.check()).startsWith(check);
    assertThat(wrong.level()).isEqualTo(level);
    assertThat(wrong.found()).contains(text);
  }

  @Test
  void findsNothingWrongWhereAllIsWell() {
    assertThat(examine())
        .allSatisfy(
            each ->
                assertThat(each.level() == Level.OK || each.found().startsWith("lies on "))
                    .as(each.toString())
                    .isTrue());
    assertThat(Doctor.status(examine())).isEqualTo(ExitStatus.DONE);
  }

  @ParameterizedTest
  @CsvSource({
    "meminfo, 'MemTotal: 300000 kB\nSwapTotal: 0 kB\n', memory, PROBLEM, 292 MiB",
    "meminfo, 'MemTotal: 4000000 kB\nSwapTotal: 2048000 kB\n', swap, WARNING, 2000 MiB",
    "meminfo, '', memory, WARNING, does not say",
  })
  void readsWhatTheKernelSays(String file, String text, String check, Level level, String found)
      throws IOException {
    kernel("proc/" + file, text);
    requireWrong(check, level, found);
  }

  @Test
  void findsAKernelThatGivesTooFewRandomNumbers() throws IOException {
    kernel("dev/random", "0123");
    requireWrong("entropy", Level.PROBLEM, "gives too few");
  }

  @Test
  void findsAKernelThatGivesNoRandomNumbers() throws Exception {
    Path device = folder.resolve("root/dev/random");
    Files.delete(device);
    Process made = new ProcessBuilder("mkfifo", device.toString()).start();
    assertThat(made.waitFor()).isZero();
    requireWrong("entropy", Level.PROBLEM, "gives no random numbers yet");
  }

  @Test
  void warnsOfAMachineWithoutRandomNumbers() throws IOException {
    Files.delete(folder.resolve("root/dev/random"));
    requireWrong("entropy", Level.WARNING, "no /dev/random");
  }

  @Test
  void countsTheMemoryOfTheContainer() throws IOException {
    kernel("sys/fs/cgroup/memory.max", "268435456\n");
    requireWrong("memory", Level.PROBLEM, "256 MiB");
  }

  @ParameterizedTest
  @CsvSource({"unlimited, 65536, core-dumps, on:", "4096, 65536, core-dumps, on:"})
  void warnsOfCoreDumps(String core, String files, String check, String found) throws IOException {
    kernel("proc/self/limits", LIMITS.formatted(core, files));
    requireWrong(check, Level.WARNING, found);
  }

  @Test
  void warnsOfTooFewOpenFiles() throws IOException {
    kernel("proc/self/limits", LIMITS.formatted("0", "1024"));
    requireWrong("open-files", Level.WARNING, "1024, but rpc.max_connections needs about 4352");
  }

  @Test
  void findsAFolderForKeysThatIsAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    flags.put("core.cert_dir", file.toString());
    flags.put("core.audit.directories", folder.resolve("certs").toString());
    requireWrong("disk " + file, Level.PROBLEM, "not a folder");
  }

  @Test
  void findsAFolderForKeysThatIsALink() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("certs"));
    flags.put("core.cert_dir", link.toString());
    flags.put("core.audit.directories", folder.resolve("certs").toString());
    requireWrong("disk " + link, Level.PROBLEM, "is a link");
  }

  @Test
  void warnsOfAFolderThatOthersMayLookInto() throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("certs"), PosixFilePermissions.fromString("rwxr-x---"));
    requireWrong("disk", Level.WARNING, "others may look");
  }

  @Test
  void leavesNothingBehindInTheFolder() throws IOException {
    examine();
    try (var files = Files.list(folder.resolve("certs"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void findsAPortThatIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      flags.put("rpc.port", String.valueOf(taken.getLocalPort()));
      requireWrong("port rpc", Level.PROBLEM, "127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void findsAGuestAgentThatIsAway() throws IOException {
    agent.close();
    requireWrong("evidence", Level.UNREACHABLE, "agent");
    assertThat(Doctor.status(examine())).isEqualTo(ExitStatus.UNREACHABLE);
  }

  @Test
  void findsThatThisIsNoConfidentialVm() {
    flags.put("core.quote_source", "tdx");
    flags.put("core.device.configfs", folder.resolve("none").toString());
    flags.put("core.device.tdx_guest", folder.resolve("none").toString());
    assertThat(examine())
        .filteredOn(each -> each.level() == Level.PROBLEM || each.level() == Level.UNREACHABLE)
        .extracting(Finding::check)
        .contains("tee-devices", "evidence");
  }

  @ParameterizedTest
  @CsvSource({"3600, ahead of", "-7200, behind", "86400000, ahead of"})
  void findsAClockThatNoServerAgreesWith(long seconds, String text) {
    clock = () -> Instant.now().plusSeconds(seconds);
    requireWrong("clock", Level.PROBLEM, text);
  }

  @Test
  void findsAClockThatStandsBeforeThisProgram() {
    clock = InstantSource.fixed(Instant.parse("2020-01-01T00:00:00Z"));
    requireWrong("clock", Level.PROBLEM, "before this program existed");
  }

  @Test
  void findsCollateralThatNobodyServes() {
    flags.put("core.attestation.urls.pccs", "http://127.0.0.1:1");
    assertThat(examine())
        .filteredOn(each -> each.level() != Level.OK && !each.found().startsWith("lies on "))
        .extracting(Finding::check)
        .containsExactly("collateral http://127.0.0.1:1");
    assertThat(Doctor.status(examine())).isEqualTo(ExitStatus.UNREACHABLE);
  }

  @Test
  void warnsOfAServiceOfAmdThatNobodyServes() {
    flags.put("core.attestation.urls.amd_kds", "http://127.0.0.1:1");
    requireWrong("collateral http://127.0.0.1:1", Level.WARNING, "no answer");
  }

  @Test
  void saysThatNobodyCouldTellTheTime() {
    flags.put("core.attestation.urls.pccs", "http://127.0.0.1:1");
    flags.put("core.attestation.urls.amd_kds", "http://127.0.0.1:1");
    assertThat(examine())
        .filteredOn(each -> each.check().equals("clock"))
        .singleElement()
        .satisfies(each -> assertThat(each.level()).isEqualTo(Level.WARNING));
  }

  @Test
  void findsAPccsThatIsNone() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    other.start();
    try {
      flags.put("core.attestation.urls.pccs", "http://127.0.0.1:" + other.getAddress().getPort());
      requireWrong("collateral", Level.PROBLEM, "answered 404");
    } finally {
      other.stop(0);
    }
  }

  @Test
  void findsAPolicyFileThatIsAway() {
    flags.put("core.auth_api.file.path", folder.resolve("none").toString());
    assertThat(wrong().check()).isEqualTo("authority");
  }

  @Test
  void findsAWebhookThatDoesNotAnswer() {
    flags.put("core.auth_api.type", "webhook");
    flags.put("core.auth_api.webhook.url", "http://127.0.0.1:1");
    requireWrong("authority", Level.UNREACHABLE, "authority-unreachable");
  }

  @Test
  void asksNobodyWhenOffline() {
    flags.put("core.attestation.urls.pccs", "http://127.0.0.1:1");
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFlags(flags));
    NodeContext context = new NodeContext(clock, new SecureRandom(), "1", "v1", Authorities::of);
    assertThat(Doctor.examine(new Host(config, context, folder.resolve("root")), true))
        .extracting(Finding::check)
        .noneMatch(check -> check.startsWith("collateral") || check.equals("authority"));
  }

  @Test
  void answersProgramsAndSaysByItsStatusWhetherAllIsWell() {
    Run run = Run.of(arguments("--offline", "--json"));
    JsonNode json = JsonMapper.shared().readTree(run.out());
    assertThat(json.get("ok").booleanValue()).isEqualTo(run.status() == 0);
    assertThat(json.get("findings").size()).isGreaterThan(8);
    assertThat(json.get("findings").get(0).toString())
        .isEqualTo(
            "{\"check\":\"configuration\",\"level\":\"ok\",\"found\":\"holds\",\"advice\":\"\"}");
  }

  @Test
  void saysForPeopleWhatToDo() {
    Path nowhere = folder.resolve("policy.json/keys");
    flags.put("core.cert_dir", nowhere.toString());
    Run run = Run.of(arguments("--offline"));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .contains("PROBLEM     disk " + nowhere + ": cannot be made: ")
        .contains("Name another place.")
        .containsPattern("(?m)^[1-9] problem\\(s\\), \\d+ warning\\(s\\), \\d+ findings$");
  }

  @Test
  void findsAConfigurationThatDoesNotHold() {
    Run run = Run.of("doctor", "--offline", "--set", "core.nonsense=1");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("PROBLEM     configuration: [config-unknown-key]");
  }

  private String[] arguments(String... more) {
    List<String> all = new java.util.ArrayList<>(List.of("doctor"));
    all.addAll(List.of(more));
    flags.forEach((key, value) -> all.addAll(List.of("--set", key + "=" + value)));
    return all.toArray(String[]::new);
  }
}
