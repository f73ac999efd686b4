package dstack.kms.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.sim.agent.AgentSocket;
import dstack.kms.sim.pccs.SimulatedPccs;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.testkit.Anvil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kms doctor -c} of a server whose policy is on a real chain: what it examines is what the
 * file and the variables say.
 */
final class DoctorOfAChainTest {
  private static final String NOBODY = "http://127.0.0.1:1";

  @TempDir private static Path folder;
  private static Anvil anvil;
  private static SimulatedPccs pccs;
  private static AgentSocket agent;
  private static String contract;

  @BeforeAll
  static void aChainWithThePolicyContract() throws IOException {
    anvil = Anvil.start();
    Run deployed =
        Run.with(
            Map.of("KEY", Anvil.FIRST_KEY, "RPC_URL", anvil.url().toString()),
            "gov",
            "deploy",
            "--key-env",
            "KEY",
            "--yes");
    Matcher line = Pattern.compile("(?m)^KMS_CONTRACT_ADDR=(0x\\w{40})$").matcher(deployed.out());
    assertThat(line.find()).as(deployed.err()).isTrue();
    contract = line.group(1);
    SimulatedPlatform platform =
        SimulatedPlatform.open(folder.resolve("sim"), InstantSource.system(), new SecureRandom());
    pccs = SimulatedPccs.serve(0, platform);
    agent = AgentSocket.serve(folder.resolve("agent.sock"), platform, SimulatedIdentity.standard());
    Files.createDirectory(
        folder.resolve("certs"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  @AfterAll
  static void close() throws IOException {
    agent.close();
    pccs.close();
    anvil.close();
  }

  /** The configuration of a server on this machine, with that chain. */
  private static Path file(String chain) throws IOException {
    return Files.writeString(
        Files.createTempFile(folder, "kms", ".toml"),
        """
        [rpc]
        address = "127.0.0.1"
        port = 0
        [core]
        cert_dir = "%s"
        agent_address = "%s"
        [core.attestation.urls]
        pccs = "%s"
        amd_kds = "%s/vcek/v1"
        [core.onboard]
        enabled = false
        [core.operations]
        port = 0
        [core.auth_api]
        type = "chain"
        [core.auth_api.chain]
        chain_id = 31337
        %s
        """
            .formatted(folder.resolve("certs"), agent.address(), pccs.url(), pccs.url(), chain));
  }

  private static Run doctor(Path file, Map<String, String> variables, String... more) {
    List<String> words = new ArrayList<>(List.of("doctor", "-c", file.toString()));
    words.addAll(List.of(more));
    return Run.with(variables, words.toArray(String[]::new));
  }

  private static String chain(String url, String address) {
    return "rpc_urls = [\"" + url + "\"]\ncontract = \"" + address + "\"";
  }

  private static String name() {
    return "chain http://127.0.0.1:" + anvil.url().getPort();
  }

  @Test
  void findsNothingWrongWithTheChainOfTheFile() throws IOException {
    Run run = doctor(file(chain(anvil.url().toString(), contract)), Map.of());
    assertThat(run.out())
        .contains("ok          authority: answers, chain 31337, contract ")
        .contains("ok          " + name() + " id: it is chain 31337")
        .containsIgnoringCase(" bytes of code at " + contract)
        .contains("ok          collateral " + pccs.url() + ": answers")
        .contains("0 problem(s)");
    assertThat(run.status()).isZero();
  }

  @Test
  void readsEndpointContractAndServicesFromVariablesAsTheServerDoes() throws IOException {
    Map<String, String> variables = new HashMap<>();
    variables.put("ETH_RPC_URL", anvil.url().toString());
    variables.put("KMS_CONTRACT_ADDR", contract);
    Run well = doctor(file(""), variables);
    assertThat(well.status()).as(well.out()).isZero();
    assertThat(well.out()).contains(name() + " contract: ");

    variables.put("KMS_CORE_AUTH_API_CHAIN_CHAIN_ID", "8453");
    variables.put("KMS_CORE_ATTESTATION_URLS_PCCS", NOBODY);
    Run other = doctor(file(""), variables);
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.out())
        .contains("PROBLEM     " + name() + " id: it is chain 31337, expected 8453")
        .contains("UNREACHABLE collateral " + NOBODY);
  }

  @Test
  void endsWithThreeWhereOnlyTheEndpointDoesNotAnswer() throws IOException {
    Run run = doctor(file(chain(NOBODY, contract)), Map.of());
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out())
        .contains("UNREACHABLE authority: ")
        .contains("UNREACHABLE chain http://127.0.0.1:1 id: ")
        .doesNotContain("PROBLEM");
  }

  @Test
  void endsWithOneWhereTheContractIsNotThere() throws IOException {
    Run run =
        doctor(
            file(chain(anvil.url().toString(), "0x00000000000000000000000000000000000000aa")),
            Map.of());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("PROBLEM     " + name() + " contract: there is no code at ");
  }

  @Test
  void asksNoChainWhenOffline() throws IOException {
    Run run = doctor(file(chain(NOBODY, contract)), Map.of(), "--offline");
    assertThat(run.out()).doesNotContain("chain http").doesNotContain("authority");
    assertThat(run.status()).isZero();
  }

  @Test
  void examinesANamedEndpointAndNothingOfThisMachine() {
    Run run = Run.of("doctor", "--chain-rpc", anvil.url().toString(), "--chain-id", "31337");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains(name() + " id").doesNotContain("memory", "configuration");

    assertThat(Run.of("doctor", "--chain-rpc", NOBODY).status()).isEqualTo(3);
    assertThat(Run.of("doctor", "--chain-rpc", anvil.url().toString(), "--chain-id", "1").status())
        .isEqualTo(1);
  }

  @Test
  void takesExpectationsOfAnEndpointOnlyWithOne() {
    Run run = Run.of("doctor", "--contract", contract);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("belong to --chain-rpc");
  }
}
