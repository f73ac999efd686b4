package dstack.kms.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.core.authority.Authorities;
import dstack.kms.core.config.AttestationConfig;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.sim.platform.PlatformKind;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A development server and the machine beside it, both in this process. */
final class TestServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path folder;
  private final DevHost host;
  private final DevFleet fleet;

  /** One run of the client. */
  record Answer(Run run) {
    JsonNode json() {
      assertThat(run.status()).as(run.err() + run.out()).isZero();
      return JSON.readTree(run.out());
    }

    void refused(int status, String code) {
      assertThat(run.status()).as(run.err() + run.out()).isEqualTo(status);
      assertThat(JSON.readTree(run.out()).get("code").asString()).as(run.out()).isEqualTo(code);
    }

    void refusedWith(int status) {
      assertThat(run.status()).as(run.err() + run.out()).isEqualTo(status);
    }

    /** What the refusal says. */
    String error() {
      return JSON.readTree(run.out()).get("error").asString();
    }
  }

  TestServer(Path folder, PlatformKind kind) {
    this.folder = folder;
    TlsDefaults.apply();
    NodeContext context =
        new NodeContext(InstantSource.system(), RANDOM, "0.1.0", "v0.1.0 (git:0)", Authorities::of);
    host = DevHost.start(folder, kind, new DevClock(context.clock(), RANDOM));
    fleet = DevFleet.start(host, 1, 0, Map.of(), context);
  }

  DevHost host() {
    return host;
  }

  int port() {
    return fleet.first().port();
  }

  String root() {
    return host.first().certificates().resolve("root-ca.crt").toString();
  }

  String k256() {
    return get("--root-ca", root(), "-o", out("k256.json"), "--json")
        .json()
        .get("k256_pubkey")
        .asString();
  }

  String out(String name) {
    return folder.resolve(name).toString();
  }

  /** The settings by which this host's own evidence is verified, and its policy. */
  String[] attested() {
    List<String> settings = new ArrayList<>(List.of("--attested"));
    Stream.of(
            "core.insecure_development=true",
            "core.attestation.insecure_allow_external_trust_anchors=true",
            "core.auth_api.type=file",
            "core.auth_api.file.strict=true",
            "core.auth_api.file.path=" + ((FilePolicy) host.policy()).file())
        .forEach(each -> settings.addAll(List.of("--set", each)));
    AttestationConfig configured = host.config(0, Map.of()).attestation();
    configured.rootCa().entrySet().stream()
        .map(root -> "core.attestation.root_ca." + root.getKey().key() + "=" + root.getValue())
        .forEach(each -> settings.addAll(List.of("--set", each)));
    settings.addAll(
        List.of(
            "--set",
            "core.attestation.urls.pccs=" + configured.pccs().getFirst().uri(),
            "--set",
            "core.attestation.urls.amd_kds=" + configured.amdKds().uri()));
    return settings.toArray(String[]::new);
  }

  /** The command's first words: this server, and the application on its machine. */
  List<String> words() {
    return List.of(
        "get-keys",
        "--kms-url",
        "https://localhost:" + port(),
        "--app-id",
        host.enclave().identity().appId().hex());
  }

  Answer get(String... more) {
    return with(Map.of(), more);
  }

  /** With the agent of this machine. */
  Answer with(Map<String, String> variables, String... more) {
    List<String> arguments = new ArrayList<>(words());
    arguments.addAll(List.of("--set", "core.agent_address=" + host.first().agentAddress()));
    arguments.addAll(List.of(more));
    return new Answer(Run.with(variables, arguments.toArray(String[]::new)));
  }

  @Override
  public void close() {
    fleet.close();
    host.close();
  }
}
