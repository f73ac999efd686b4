package dstack.kms.onboard.setup;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.rpc.proto.BootstrapRequest;
import dstack.kms.rpc.proto.BootstrapResponse;
import dstack.kms.rpc.proto.OnboardRequest;
import dstack.kms.rpc.proto.OnboardResponse;
import dstack.kms.rpc.prpc.Answer;
import dstack.kms.rpc.prpc.RpcMethod;
import dstack.kms.rpc.prpc.RpcService;
import java.util.ArrayList;
import java.util.List;

/** The methods of the service Onboard (specification 04 §4). */
final class OnboardService {
  private final SetupProcedures node;
  private final Finish finish;
  private final ChangeGuard guard;
  private final Progress progress;

  /**
   * @param node does what is asked
   * @param finish ends set-up
   * @param guard holds before every call that may change something
   * @param progress is told how far a procedure has come
   */
  OnboardService(SetupProcedures node, Finish finish, ChangeGuard guard, Progress progress) {
    this.node = node;
    this.finish = finish;
    this.guard = guard;
    this.progress = progress;
  }

  /** The method table. What changes state is answered to POST only, and only past the guard. */
  RpcService table() {
    List<RpcMethod<?>> methods = new ArrayList<>();
    methods.add(
        changing("Bootstrap", BootstrapRequest.getDefaultInstance(), (_, in) -> bootstrap(in)));
    methods.add(changing("Onboard", OnboardRequest.getDefaultInstance(), (_, in) -> onboard(in)));
    methods.add(
        RpcMethod.of(
            "GetAttestationInfo",
            Empty.getDefaultInstance(),
            (_, _) -> Answer.of(node.attestationInfo())));
    methods.add(changing("Finish", Empty.getDefaultInstance(), (_, _) -> finish()));
    node.more().forEach(method -> methods.add(guarded(method)));
    return new RpcService("Onboard", methods);
  }

  private <Q extends Message> RpcMethod<Q> changing(
      String name, Q request, RpcMethod.Body<Q> body) {
    return guarded(RpcMethod.of(name, request, body));
  }

  private <Q extends Message> RpcMethod<Q> guarded(RpcMethod<Q> method) {
    return method.onlyByPost().after(call -> guard.check(call.head()));
  }

  private Answer bootstrap(BootstrapRequest request) {
    BootstrapInfo info = node.bootstrap(RpcDomain.requested(request.getDomain()), progress);
    return Answer.of(
        BootstrapResponse.newBuilder()
            .setCaPubkey(Wire.bytes(info.caPubkey()))
            .setK256Pubkey(Wire.bytes(info.k256Pubkey()))
            .setAttestation(Wire.bytes(info.attestation()))
            .build());
  }

  private Answer onboard(OnboardRequest request) {
    Bytes k256 =
        node.replicate(request.getSourceUrl(), RpcDomain.requested(request.getDomain()), progress);
    return Answer.of(OnboardResponse.newBuilder().setK256Pubkey(Wire.bytes(k256)).build());
  }

  private Answer finish() {
    finish.run();
    return Answer.EMPTY;
  }
}
