package dstack.kms.onboard.backup;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.onboard.backup.share.ShareFile;
import dstack.kms.onboard.setup.SetupGate;
import dstack.kms.rpc.proto.RestoreBeginRequest;
import dstack.kms.rpc.proto.RestoreBeginResponse;
import dstack.kms.rpc.proto.RestoreShareRequest;
import dstack.kms.rpc.proto.RestoreShareResponse;
import dstack.kms.rpc.prpc.Answer;
import dstack.kms.rpc.prpc.RpcMethod;
import java.util.List;
import java.util.Optional;

/** The methods that a restore adds to the service Onboard. */
public final class RestoreMethods {
  private RestoreMethods() {}

  /**
   * {@code RestoreBegin} and {@code RestoreShare}.
   *
   * @param gate lets no other set-up run while a share is taken, as the last one brings the keys
   */
  public static List<RpcMethod<?>> of(Restore restore, SetupGate gate) {
    return List.of(
        RpcMethod.of(
            "RestoreBegin",
            RestoreBeginRequest.getDefaultInstance(),
            (_, request) -> Answer.of(begin(restore, request))),
        RpcMethod.of(
            "RestoreShare",
            RestoreShareRequest.getDefaultInstance(),
            (_, request) -> Answer.of(gate.during("restore", () -> share(restore, request)))));
  }

  private static RestoreBeginResponse begin(Restore restore, RestoreBeginRequest request) {
    RestoreSession.Terms terms =
        new RestoreSession.Terms(
            request.getBesideLiveFleet(),
            Optional.of(request.getDomain()).filter(domain -> !domain.isEmpty()));
    return response(restore.begin(terms, request.getFresh()));
  }

  static RestoreBeginResponse response(Restore.Begun begun) {
    return RestoreBeginResponse.newBuilder()
        .setSessionId(wire(begun.session().id()))
        .setPublicKey(wire(begun.session().publicKey()))
        .setAttestation(wire(begun.attestation()))
        .setEnds(begun.session().ends().getEpochSecond())
        .setReceived(begun.session().received())
        .setNeeded(begun.session().needed())
        .build();
  }

  private static RestoreShareResponse share(Restore restore, RestoreShareRequest request) {
    Restore.Progressed progressed =
        restore.share(bytes(request.getSessionId()), ShareFile.decode(bytes(request.getShare())));
    return RestoreShareResponse.newBuilder()
        .setReceived(progressed.received())
        .setNeeded(progressed.manifest().threshold())
        .setRestored(progressed.restored())
        .setK256Pubkey(wire(progressed.manifest().identity().k256()))
        .build();
  }

  private static ByteString wire(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.buffer());
  }

  private static Bytes bytes(ByteString wire) {
    return Bytes.of(wire.toByteArray());
  }
}
