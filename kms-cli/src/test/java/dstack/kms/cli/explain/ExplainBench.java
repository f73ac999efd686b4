package dstack.kms.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.agent.AgentSocket;
import dstack.kms.sim.pccs.SimulatedPccs;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.sim.platform.SimulatedGuest;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.testkit.Anvil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A simulated machine, and a fresh contract on a chain that allows nothing. */
final class ExplainBench implements AutoCloseable {
  private final Path folder;
  private final Anvil anvil = Anvil.start();
  private final SimulatedPlatform platform;
  private final SimulatedPccs pccs;
  private final SimulatedGuest guest;
  private final AgentSocket agent;
  private final String contract;

  ExplainBench(Path folder) throws IOException {
    this.folder = folder;
    platform =
        SimulatedPlatform.open(folder.resolve("sim"), InstantSource.system(), new SecureRandom());
    pccs = SimulatedPccs.serve(0, platform);
    guest = platform.boot(SimulatedIdentity.on(PlatformKind.TDX.usual()));
    agent = AgentSocket.serve(folder.resolve("agent.sock"), guest);
    contract = gov("deploy", "--model", "a").replaceAll("(?s).*KMS_CONTRACT_ADDR=(0x\\w+).*", "$1");
    assertThat(contract).hasSize(42);
  }

  SimulatedGuest guest() {
    return guest;
  }

  /** The machine's evidence in a file. */
  String evidence() throws IOException {
    Path file = folder.resolve("evidence.bin");
    return Files.write(file, guest.attest(ReportData.ZERO).toArray()).toString();
  }

  /** Changes the policy as an operator does; the answer. */
  String gov(String... words) {
    List<String> command = new ArrayList<>(List.of("gov"));
    command.addAll(List.of(words));
    command.addAll(List.of("--key-env", "KEY", "--yes", "--rpc-url", anvil.url().toString()));
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("KEY", Anvil.FIRST_KEY);
    if (!command.contains("deploy")) {
      variables.put("KMS_CONTRACT_ADDR", contract);
    }
    Run run = Run.with(variables, command.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    return run.out();
  }

  /** Types a command that {@code kms preflight} or {@code kms explain} has printed. */
  void type(String command) {
    assertThat(command).startsWith("kms gov ");
    gov(command.substring("kms gov ".length()).split(" "));
  }

  /** Runs a command on this machine, under its configuration. */
  Run run(String... words) {
    List<String> command = new ArrayList<>(List.of(words));
    settings().forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    return Run.of(command.toArray(String[]::new));
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("core.insecure_development", "true");
    settings.put("core.attestation.insecure_allow_external_trust_anchors", "true");
    settings.put("core.attestation.urls.pccs", pccs.url());
    platform
        .rootFiles(PlatformKind.TDX)
        .forEach((name, file) -> settings.put("core.attestation.root_ca." + name, file.toString()));
    settings.put("core.agent_address", agent.address());
    settings.put("core.image.verify", "false");
    settings.put("core.cert_dir", folder.resolve("certs").toString());
    settings.put("core.auth_api.type", "chain");
    settings.put("core.auth_api.chain.rpc_urls", anvil.url().toString());
    settings.put("core.auth_api.chain.contract", contract);
    settings.put("core.auth_api.chain.chain_id", "31337");
    return settings;
  }

  /** Ends the chain: from now on nobody answers there. */
  void stopChain() {
    anvil.close();
  }

  @Override
  public void close() throws IOException {
    agent.close();
    pccs.close();
    anvil.close();
  }
}
