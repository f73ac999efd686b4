package dstack.kms.onboard.node;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.onboard.backup.Restore;
import dstack.kms.onboard.backup.RestoreMethods;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.preflight.Preflight;
import dstack.kms.onboard.preflight.PreflightReport;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.progress.ProgressBoard;
import dstack.kms.onboard.replication.Replication;
import dstack.kms.onboard.setup.AttestationInfo;
import dstack.kms.onboard.setup.Bootstrap;
import dstack.kms.onboard.setup.NodeIdentity;
import dstack.kms.onboard.setup.SetupProcedures;
import dstack.kms.onboard.setup.StoredIdentity;
import dstack.kms.rpc.proto.AttestationInfoResponse;
import dstack.kms.rpc.prpc.RpcMethod;
import java.util.List;
import java.util.Optional;

/** A node without keys as its set-up listener sees it. */
final class NodeSetup implements SetupProcedures {
  private final NodeParts parts;
  private final AttestationInfo info;
  private final Bootstrap bootstrap;
  private final Replication replication;
  private final Preflight preflight;
  private final StoredIdentity identity;
  private final ProgressBoard board;
  private final Restore restore;
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
    return bootstrap.run(domain, progress);
  }

  @Override
  public Bytes replicate(String sourceUrl, RpcDomain domain, Progress progress) {
    return replication.run(sourceUrl, domain, progress);
  }

  @Override
  public List<RpcMethod<?>> more() {
    return RestoreMethods.of(restore);
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
