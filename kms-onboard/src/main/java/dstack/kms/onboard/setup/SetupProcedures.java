package dstack.kms.onboard.setup;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.preflight.PreflightReport;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.progress.ProgressBoard;
import dstack.kms.rpc.proto.AttestationInfoResponse;
import dstack.kms.rpc.prpc.RpcMethod;
import java.util.List;
import java.util.Optional;

/** What a node without keys can be asked to do; the set-up listener's view of its node. */
public interface SetupProcedures {
  /** Attests this machine and says what the authority will see. */
  AttestationInfoResponse attestationInfo();

  /** Looks at what stands between this machine and its keys; decides and changes nothing. */
  PreflightReport preflight();

  /** The public root keys, read back and verified; empty while there is no complete set. */
  Optional<NodeIdentity> identity();

  /** Where procedures show how far they have come. */
  ProgressBoard board();

  /** Makes the root keys, once. */
  BootstrapInfo bootstrap(RpcDomain domain, Progress progress);

  /**
   * Takes the root keys of another node over, once.
   *
   * @return the root k256 public key, 33 bytes compressed
   */
  Bytes replicate(String sourceUrl, RpcDomain domain, Progress progress);

  /** Methods that other parts add to the service; the listener guards them as its own. */
  List<RpcMethod<?>> more();

  /** Whether every file that serving needs is there. */
  boolean complete();

  /** Tells the node that set-up is over; returns at once. */
  void finished();
}
