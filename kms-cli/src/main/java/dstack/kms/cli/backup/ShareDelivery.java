package dstack.kms.cli.backup;

import com.google.protobuf.UnsafeByteOperations;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.onboard.backup.SessionVerifier;
import dstack.kms.onboard.backup.VerifiedSession;
import dstack.kms.onboard.backup.share.HolderIdentity;
import dstack.kms.onboard.backup.share.OpenedShare;
import dstack.kms.onboard.backup.share.ShareFile;
import dstack.kms.rpc.proto.RestoreBeginRequest;
import dstack.kms.rpc.proto.RestoreBeginResponse;
import dstack.kms.rpc.proto.RestoreShareRequest;
import dstack.kms.rpc.proto.RestoreShareResponse;
import java.nio.file.Path;

/**
 * Joins a session, judges the node, and only then opens the share and sends it sealed.
 *
 * @param node the set-up listener
 * @param besideLiveFleet the explicit word
 * @param domain for the certificate, or empty
 * @param fresh whether a running session is to be given up
 */
record ShareDelivery(PrpcClient node, boolean besideLiveFleet, String domain, boolean fresh) {
  RestoreAnswer run(SessionVerifier verifier, ShareFile share, Path identity) {
    RestoreBeginResponse offered =
        node.call(
            "Onboard.RestoreBegin",
            RestoreBeginRequest.newBuilder()
                .setBesideLiveFleet(besideLiveFleet)
                .setDomain(domain)
                .setFresh(fresh)
                .build(),
            RestoreBeginResponse.parser());
    VerifiedSession session = verifier.verify(offered);
    RestoreShareResponse taken =
        node.call(
            "Onboard.RestoreShare",
            RestoreShareRequest.newBuilder()
                .setSessionId(UnsafeByteOperations.unsafeWrap(session.id().buffer()))
                .setShare(
                    UnsafeByteOperations.unsafeWrap(sealed(session, share, identity).buffer()))
                .build(),
            RestoreShareResponse.parser());
    return new RestoreAnswer(
        session.node().mrAggregated().hex(),
        taken.getReceived(),
        taken.getNeeded(),
        taken.getRestored(),
        Bytes.of(taken.getK256Pubkey().toByteArray()).hex());
  }

  private static Bytes sealed(VerifiedSession session, ShareFile share, Path identity) {
    try (HolderIdentity holder = ShareArgument.identity(identity);
        OpenedShare opened = holder.open(share)) {
      return session.sealed(opened).encode();
    }
  }
}
