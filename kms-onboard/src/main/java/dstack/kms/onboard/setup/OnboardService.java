package dstack.kms.onboard.setup;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.rpc.proto.AttestationInfoResponse;
import dstack.kms.rpc.proto.BootstrapRequest;
import dstack.kms.rpc.proto.BootstrapResponse;
import dstack.kms.rpc.proto.OnboardRequest;
import dstack.kms.rpc.prpc.Answer;
import dstack.kms.rpc.prpc.RpcMethod;
import dstack.kms.rpc.prpc.RpcService;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The methods of the service Onboard (specification 04 §4). */
final class OnboardService {
  private final Function<RpcDomain, BootstrapInfo> bootstrap;
  private final Supplier<AttestationInfoResponse> info;
  private final Finish finish;
  private final ChangeGuard guard;

  /**
   * @param bootstrap makes the root keys for a domain, once
   * @param info attests this machine and says what the authority will see
   * @param finish ends set-up
   * @param guard holds before every call that may change something
   */
  OnboardService(
      Function<RpcDomain, BootstrapInfo> bootstrap,
      Supplier<AttestationInfoResponse> info,
      Finish finish,
      ChangeGuard guard) {
    this.bootstrap = bootstrap;
    this.info = info;
    this.finish = finish;
    this.guard = guard;
  }

  /** The method table. What changes state is answered to POST only, and only past the guard. */
  RpcService table() {
    return new RpcService(
        "Onboard",
        List.of(
            changing("Bootstrap", BootstrapRequest.getDefaultInstance(), (_, in) -> bootstrap(in)),
            changing("Onboard", OnboardRequest.getDefaultInstance(), (_, _) -> onboard()),
            RpcMethod.of(
                "GetAttestationInfo", Empty.getDefaultInstance(), (_, _) -> Answer.of(info.get())),
            changing("Finish", Empty.getDefaultInstance(), (_, _) -> finish())));
  }

  private <Q extends Message> RpcMethod<Q> changing(
      String name, Q request, RpcMethod.Body<Q> body) {
    return RpcMethod.of(name, request, body).onlyByPost().after(call -> guard.check(call.head()));
  }

  private Answer bootstrap(BootstrapRequest request) {
    BootstrapInfo info = bootstrap.apply(RpcDomain.requested(request.getDomain()));
    return Answer.of(
        BootstrapResponse.newBuilder()
            .setCaPubkey(Wire.bytes(info.caPubkey()))
            .setK256Pubkey(Wire.bytes(info.k256Pubkey()))
            .setAttestation(Wire.bytes(info.attestation()))
            .build());
  }

  private static Answer onboard() {
    throw new RefusalException(
        SetupRefusal.REPLICATION_UNAVAILABLE,
        "replication from another KMS is not available in this version; nothing was changed");
  }

  private Answer finish() {
    finish.run();
    return Answer.EMPTY;
  }
}
