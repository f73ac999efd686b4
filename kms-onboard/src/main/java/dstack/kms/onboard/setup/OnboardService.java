package dstack.kms.onboard.setup;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.progress.Procedure;
import dstack.kms.onboard.progress.ProcedureKind;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.proto.BootstrapRequest;
import dstack.kms.rpc.proto.BootstrapResponse;
import dstack.kms.rpc.proto.OnboardRequest;
import dstack.kms.rpc.proto.OnboardResponse;
import dstack.kms.rpc.prpc.Answer;
import dstack.kms.rpc.prpc.RpcMethod;
import dstack.kms.rpc.prpc.RpcService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The methods of the service Onboard (specification 04 §4). */
final class OnboardService {
  private final SetupProcedures node;
  private final Finish finish;
  private final ChangeGuard guard;
  private final AtomicReference<SetupRecord> accomplished =
      new AtomicReference<>(SetupRecord.NOTHING);

  /**
   * @param node does what is asked
   * @param finish ends set-up
   * @param guard holds before every call that may change something
   */
  OnboardService(SetupProcedures node, Finish finish, ChangeGuard guard) {
    this.node = node;
    this.finish = finish;
    this.guard = guard;
  }

  /** What was accomplished so far. */
  SetupRecord accomplished() {
    return accomplished.get();
  }

  /** The method table. What changes state is answered to POST only, and only past the guard. */
  RpcService table() {
    List<RpcMethod<?>> methods = new ArrayList<>();
    methods.add(changing("Bootstrap", BootstrapRequest.getDefaultInstance(), this::bootstrap));
    methods.add(changing("Onboard", OnboardRequest.getDefaultInstance(), this::onboard));
    methods.add(
        RpcMethod.of(
            "GetAttestationInfo",
            Empty.getDefaultInstance(),
            (_, _) -> Answer.of(node.attestationInfo())));
    methods.add(
        RpcMethod.of("Finish", Empty.getDefaultInstance(), (_, _) -> answerFinish())
            .onlyByPost()
            .after(this::requireFinishing));
    node.more().forEach(method -> methods.add(method.onlyByPost().after(this::requireFinishing)));
    return new RpcService("Onboard", methods);
  }

  /** Refuses a call without a domain of its own unless it may change state. */
  void requireFinishing(HttpExchange call) {
    guard.check(call);
    guard.checkHost(call, accomplished().domain());
  }

  private <Q extends Message> RpcMethod<Q> changing(
      String name, Q request, RpcMethod.Body<Q> body) {
    return RpcMethod.of(name, request, body).onlyByPost().after(guard::check);
  }

  private Answer bootstrap(HttpExchange call, BootstrapRequest request) {
    BootstrapInfo info =
        attempt(
            ProcedureKind.BOOTSTRAP,
            progress -> {
              RpcDomain domain = domain(call, request.getDomain());
              BootstrapInfo made = node.bootstrap(domain, progress);
              accomplished.set(new SetupRecord(Optional.of(domain), Optional.empty()));
              return made;
            });
    return Answer.of(
        BootstrapResponse.newBuilder()
            .setCaPubkey(Wire.bytes(info.caPubkey()))
            .setK256Pubkey(Wire.bytes(info.k256Pubkey()))
            .setAttestation(Wire.bytes(info.attestation()))
            .build());
  }

  private Answer onboard(HttpExchange call, OnboardRequest request) {
    Bytes k256 =
        attempt(
            ProcedureKind.ONBOARD,
            progress -> {
              RpcDomain domain = domain(call, request.getDomain());
              Bytes key = node.replicate(request.getSourceUrl(), domain, progress);
              accomplished.set(new SetupRecord(Optional.of(domain), Optional.of(key)));
              return key;
            });
    return Answer.of(OnboardResponse.newBuilder().setK256Pubkey(Wire.bytes(k256)).build());
  }

  private RpcDomain domain(HttpExchange call, String asked) {
    RpcDomain domain = RpcDomain.requested(asked);
    guard.checkHost(call, Optional.of(domain));
    return domain;
  }

  /** Runs the procedure under the eyes of the board; however it ends, the board hears of it. */
  private <T> T attempt(ProcedureKind kind, Function<Progress, T> procedure) {
    Procedure attempt = node.board().begin(kind);
    String error = "internal error; the log says more";
    try {
      T result = procedure.apply(attempt);
      error = "";
      return result;
    } catch (RefusalException e) {
      error = e.text();
      throw e;
    } finally {
      attempt.end(error);
    }
  }

  private Answer answerFinish() {
    finish.run();
    return Answer.EMPTY;
  }
}
