package dstack.kms.onboard.setup;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.preflight.PreflightReport;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.progress.ProgressBoard;
import dstack.kms.onboard.progress.SetupStep;
import dstack.kms.rpc.proto.AttestationInfoResponse;
import dstack.kms.rpc.prpc.RpcMethod;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A node that does nothing and remembers what it was asked for. */
final class RecordingNode implements SetupProcedures {
  static final Bytes K256 = Bytes.fromHex("04");

  final List<RpcDomain> bootstraps = new CopyOnWriteArrayList<>();
  final AtomicInteger finished = new AtomicInteger();
  final List<String> sources = new CopyOnWriteArrayList<>();
  final AtomicInteger looks = new AtomicInteger();
  private final ProgressBoard board = new ProgressBoard(InstantSource.system());
  volatile boolean complete;
  volatile Bytes sourceKey = K256;
  volatile PreflightReport report = new PreflightReport(Instant.EPOCH, List.of(), Optional.empty());

  @Override
  public AttestationInfoResponse attestationInfo() {
    return AttestationInfoResponse.newBuilder().setTeeVariant("dstack-tdx").build();
  }

  @Override
  public PreflightReport preflight() {
    looks.incrementAndGet();
    return report;
  }

  @Override
  public Optional<NodeIdentity> identity() {
    return Optional.of(new NodeIdentity(Bytes.fromHex("01"), K256, true, "Checked."));
  }

  @Override
  public ProgressBoard board() {
    return board;
  }

  @Override
  public BootstrapInfo bootstrap(RpcDomain domain, Progress progress) {
    progress.at(SetupStep.CHECKING);
    if (domain.text().equals("refuse.me")) {
      throw new RefusalException(
          SetupRefusal.NOT_ALLOWED,
          "KMS is not allowed to bootstrap: boot denied: </script><script>alert(1)</script>");
    }
    bootstraps.add(domain);
    return new BootstrapInfo(Bytes.fromHex("01"), Bytes.fromHex("02"), Bytes.fromHex("03"));
  }

  @Override
  public Bytes replicate(String sourceUrl, RpcDomain domain, Progress progress) {
    progress.at(SetupStep.SOURCE);
    sources.add(sourceUrl);
    complete = true;
    return sourceKey;
  }

  @Override
  public List<RpcMethod<?>> more() {
    return List.of();
  }

  @Override
  public boolean complete() {
    return complete;
  }

  @Override
  public void finished() {
    finished.incrementAndGet();
  }
}
