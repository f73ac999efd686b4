package dstack.kms.onboard.node;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.onboard.backup.Restore;
import dstack.kms.onboard.backup.RestoreMethods;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.peers.FleetGuard;
import dstack.kms.onboard.preflight.Preflight;
import dstack.kms.onboard.preflight.PreflightReport;
import dstack.kms.onboard.progress.Procedure;
import dstack.kms.onboard.progress.ProcedureKind;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.progress.ProgressBoard;
import dstack.kms.onboard.replication.Replication;
import dstack.kms.onboard.setup.AttestationInfo;
import dstack.kms.onboard.setup.Bootstrap;
import dstack.kms.onboard.setup.NodeIdentity;
import dstack.kms.onboard.setup.SetupGate;
import dstack.kms.onboard.setup.SetupProcedures;
import dstack.kms.onboard.setup.StoredIdentity;
import dstack.kms.rpc.proto.AttestationInfoResponse;
import dstack.kms.rpc.prpc.RpcMethod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A node without keys as its set-up listener sees it: one procedure at a time. */
final class NodeSetup implements SetupProcedures {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final NodeParts parts;
  private final AttestationInfo info;
  private final Bootstrap bootstrap;
  private final Replication replication;
  private final Preflight preflight;
  private final StoredIdentity identity;
  private final ProgressBoard board;
  private final Restore restore;
  private final FleetGuard fleet;
  private final SetupGate gate = new SetupGate(PATIENCE);
  private final Runnable over;

  /**
   * @param over is run when set-up is finished; returns at once
   */
  NodeSetup(NodeParts parts, Runnable over) {
    this.parts = parts;
    this.over = over;
    info = parts.attestationInfo();
    bootstrap = parts.bootstrap();
    replication = parts.replication();
    preflight = parts.preflight();
    identity = new StoredIdentity(parts.store(), parts.verification().attestations());
    fleet = parts.fleet();
    board = new ProgressBoard(parts.context().clock());
    restore = parts.restore();
  }

  @Override
  public AttestationInfoResponse attestationInfo() {
    return info.read();
  }

  @Override
  public PreflightReport preflight() {
    return preflight.look();
  }

  @Override
  public Optional<NodeIdentity> identity() {
    return identity.read();
  }

  @Override
  public ProgressBoard board() {
    return board;
  }

  @Override
  public BootstrapInfo bootstrap(RpcDomain domain, Progress progress) {
    return gate.during(
        "bootstrap",
        () -> {
          fleet.requireNoFleet();
          return bootstrap.run(domain, progress);
        });
  }

  @Override
  public Bytes replicate(String sourceUrl, RpcDomain domain, Progress progress) {
    return gate.during("replication", () -> replication.run(sourceUrl, domain, progress));
  }

  /** The same by the node itself, which shows on the board as if an operator had asked. */
  Bytes recover(String peerUrl, RpcDomain domain, Progress progress) {
    Procedure shown = board.begin(ProcedureKind.ONBOARD);
    String error = "internal error; the log says more";
    try {
      Progress both = new BothProgress(progress, shown);
      Bytes key = gate.during("recovery from a peer", () -> replication.run(peerUrl, domain, both));
      error = "";
      return key;
    } catch (RefusalException e) {
      error = "peer " + peerUrl + ": " + e.text();
      throw e;
    } finally {
      shown.end(error);
    }
  }

  @Override
  public List<RpcMethod<?>> more() {
    return RestoreMethods.of(restore, gate);
  }

  @Override
  public boolean complete() {
    return parts.store().hasKeys();
  }

  @Override
  public void finished() {
    over.run();
  }
}
