package dstack.kms.cli.dev;

import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.proto.AppKeyResponse;
import dstack.kms.sim.platform.GuestFacts;
import java.util.List;

/** Verifies from outside that the servers of a fleet are one, and that each can be done without. */
final class FleetCheck {
  private final DevHost host;
  private final DevFleet fleet;
  private final DevClock time;
  private final Findings findings;

  FleetCheck(DevHost host, DevFleet fleet, DevClock time, Findings findings) {
    this.host = host;
    this.fleet = fleet;
    this.time = time;
    this.findings = findings;
  }

  /** Adds a line for each step; the first server is closed after it. */
  void run() {
    List<DevNode> replicas = fleet.nodes().subList(1, fleet.nodes().size());
    try (P256PrivateKey key = P256PrivateKey.generate(time.random())) {
      findings.part("node 1 as one of a fleet");
      FleetAnswers first = FleetAnswers.of(fleet.first(), host, key, time, findings);
      for (DevNode replica : replicas) {
        findings.part("node " + replica.number() + ", replicated from node 1");
        compare(first, FleetAnswers.of(replica, host, key, time, findings));
      }
      findings.part("nodes that fail");
      revoke(replicas.getLast(), key, first.keys());
      fleet.first().runner().close();
      for (DevNode replica : replicas) {
        findings.require(
            "node " + replica.number() + " goes on without node 1",
            FleetAnswers.keys(replica, host, key, time).equals(first.keys()));
      }
    } catch (RefusalException e) {
      findings.failed(e);
    }
  }

  private void compare(FleetAnswers first, FleetAnswers other) {
    findings.require(
        "GetMeta has the same k256 key",
        other.meta().getK256Pubkey().equals(first.meta().getK256Pubkey()));
    ParsedCertificate root = DevCheck.certificate(first.meta().getCaCert());
    findings.require(
        "and the same CA key",
        DevCheck.certificate(other.meta().getCaCert()).spki().equals(root.spki()));
    findings.require(
        "under the same certificate", other.meta().getCaCert().equals(first.meta().getCaCert()));
    findings.require("and no bootstrap information", !other.meta().hasBootstrapInfo());
    findings.require("the same enclave gets the same keys", other.keys().equals(first.keys()));
    findings.require(
        "the environment has the same key, signed in the same way",
        other.env().getPublicKey().equals(first.env().getPublicKey())
            && other.env().getSignature().equals(first.env().getSignature()));
    findings.require(
        "what it signs verifies under the root of node 1", isChain(other.chain(), root));
    findings.require(
        "what node 1 signs verifies under its root",
        isChain(first.chain(), DevCheck.certificate(other.meta().getCaCert())));
  }

  private static boolean isChain(List<String> chain, ParsedCertificate root) {
    return chain.size() == 3
        && ChainFindings.isSigned(
            DevCheck.certificate(chain.get(0)), DevCheck.certificate(chain.get(1)))
        && ChainFindings.isSigned(DevCheck.certificate(chain.get(1)), root);
  }

  private void revoke(DevNode node, P256PrivateKey key, AppKeyResponse expected) {
    if (cannotBeToldApart(node)) {
      findings.leftOut("one node is revoked: on this platform a policy cannot tell them apart");
      return;
    }
    fleet.awaitBlock(host.policy().withdraw(node.machine().guest()));
    // Node 1's own entries may be the same in part; they stay allowed.
    fleet.awaitBlock(host.policy().admit(host.first().guest()));
    findings.requireRefused(
        "node " + node.number() + " releases nothing once the policy drops it",
        () -> FleetAnswers.keys(node, host, key, time),
        "KMS self authorization failed");
    findings.require(
        "while node 1 goes on", FleetAnswers.keys(fleet.first(), host, key, time).equals(expected));
    fleet.awaitBlock(host.policy().admit(node.machine().guest()));
    findings.require(
        "and it comes back with the policy",
        FleetAnswers.keys(node, host, key, time).equals(expected));
  }

  private boolean cannotBeToldApart(DevNode node) {
    GuestFacts one = host.first().guest().facts();
    GuestFacts other = node.machine().guest().facts();
    return one.mrAggregated().equals(other.mrAggregated())
        && one.deviceId().equals(other.deviceId());
  }
}
