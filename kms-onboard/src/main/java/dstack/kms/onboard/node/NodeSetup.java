package dstack.kms.onboard.node;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.replication.Replication;
import dstack.kms.onboard.setup.AttestationInfo;
import dstack.kms.onboard.setup.Bootstrap;
import dstack.kms.onboard.setup.SetupProcedures;
import dstack.kms.rpc.proto.AttestationInfoResponse;
import dstack.kms.rpc.prpc.RpcMethod;
import java.util.List;

/** A node without keys as its set-up listener sees it. */
final class NodeSetup implements SetupProcedures {
  private final NodeParts parts;
  private final AttestationInfo info;
  private final Bootstrap bootstrap;
  private final Replication replication;
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
  }

  @Override
  public AttestationInfoResponse attestationInfo() {
    return info.read();
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
    return List.of();
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
