package dstack.kms.onboard.testing;

import dstack.kms.core.authority.Authorities;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.onboard.node.NodeRunner;
import dstack.kms.onboard.node.NodeState;
import dstack.kms.sim.agent.AgentSocket;
import dstack.kms.sim.pccs.SimulatedPccs;
import dstack.kms.sim.platform.SimulatedIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Everything around a node: a simulated machine, its agent and PCCS, and an authority. */
public final class TestNode implements AutoCloseable {
  private static final NodeContext CONTEXT =
      new NodeContext(
          InstantSource.system(),
          new SecureRandom(),
          "9.9.9",
          "v9.9.9 (git:0123456789abcdef0123)",
          Authorities::of);

  private final Path folder;
  private final Machine machine;
  private final SimulatedPccs pccs;
  private final WebhookDouble authority;
  private final int port;
  private AgentSocket agent;

  private TestNode(Path folder, Machine machine, SimulatedPccs pccs, WebhookDouble authority)
      throws IOException {
    this.folder = folder;
    this.machine = machine;
    this.pccs = pccs;
    this.authority = authority;
    agent = AgentSocket.serve(socket(), machine.platform(), SimulatedIdentity.standard());
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
  }

  /** The surroundings of one node, in that folder. */
  public static TestNode in(Path folder) throws IOException {
    Machine machine = Machine.in(folder, InstantSource.system());
    return new TestNode(
        folder, machine, SimulatedPccs.serve(0, machine.platform()), WebhookDouble.serve());
  }

  /** Those of another node on a machine of the same maker, with an authority of its own. */
  public static TestNode beside(TestNode other, Path folder) throws IOException {
    return new TestNode(
        folder,
        other.machine,
        SimulatedPccs.serve(0, other.machine.platform()),
        WebhookDouble.serve());
  }

  /** The simulated machine. */
  public Machine machine() {
    return machine;
  }

  /** Decides. */
  public WebhookDouble authority() {
    return authority;
  }

  /** Serves collateral. */
  public SimulatedPccs pccs() {
    return pccs;
  }

  /** Where the keys lie. */
  public Path certs() {
    return folder.resolve("certs");
  }

  /** A configuration of this node with these flags beside its own. */
  public KmsConfig config(Map<String, String> more) {
    Map<String, String> flags = flags();
    flags.putAll(more);
    return KmsConfig.load(ConfigSources.none().withFlags(flags));
  }

  /** Starts the node with these flags and by that clock. */
  public NodeRunner startBy(InstantSource clock, Map<String, String> more) {
    NodeContext context =
        new NodeContext(
            clock,
            CONTEXT.random(),
            CONTEXT.version(),
            CONTEXT.longVersion(),
            CONTEXT.authorities());
    return NodeRunner.start(config(more), context);
  }

  /** The guest agent is back. */
  public void withAgent() throws IOException {
    agent = AgentSocket.serve(socket(), machine.platform(), SimulatedIdentity.standard());
  }

  /** The guest agent dies. */
  public void withoutAgent() throws IOException {
    agent.close();
  }

  /** The flags of this node; set-up and main listener are at one and the same port. */
  public Map<String, String> flags() {
    Map<String, String> flags = new HashMap<>();
    flags.put("core.cert_dir", certs().toString());
    flags.put("core.insecure_development", "true");
    flags.put("core.attestation.insecure_allow_external_trust_anchors", "true");
    flags.put("core.attestation.root_ca.tdx", machine.platform().rootCertificateFile().toString());
    flags.put("core.attestation.urls.pccs", pccs.url());
    flags.put("core.agent_address", agent.address());
    flags.put("core.image.verify", "false");
    flags.put("core.auth_api.webhook.url", authority.url());
    flags.put("core.onboard.address", "127.0.0.1");
    flags.put("core.onboard.port", Integer.toString(port));
    flags.put("core.operations.port", "0");
    flags.put("rpc.address", "127.0.0.1");
    flags.put("rpc.port", Integer.toString(port));
    return flags;
  }

  /** Starts the node with these flags beside its own. */
  public NodeRunner start(Map<String, String> more) {
    return startWithout(Set.of(), more);
  }

  /** The same without some of its own flags. */
  public NodeRunner startWithout(Set<String> without, Map<String, String> more) {
    Map<String, String> flags = flags();
    flags.keySet().removeAll(without);
    flags.putAll(more);
    return NodeRunner.start(KmsConfig.load(ConfigSources.none().withFlags(flags)), CONTEXT);
  }

  /** Waits until the node serves. */
  public static NodeState.Ready ready(NodeRunner node) throws InterruptedException {
    return (NodeState.Ready)
        node.await(state -> state instanceof NodeState.Ready, Duration.ofSeconds(30));
  }

  /** A URL of the set-up listener. */
  public String http(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  /** A URL of the main listener. */
  public String https(String path) {
    return "https://127.0.0.1:" + port + path;
  }

  /** A URL of the operations listener. */
  public static String operations(NodeRunner node, String path) {
    InetSocketAddress address = node.operations().orElseThrow();
    return "http://127.0.0.1:" + address.getPort() + path;
  }

  @Override
  public void close() throws IOException {
    agent.close();
    pccs.close();
    authority.close();
  }

  private Path socket() {
    return folder.resolve("agent.sock");
  }
}
