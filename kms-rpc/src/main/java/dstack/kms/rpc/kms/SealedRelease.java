package dstack.kms.rpc.kms;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Hpke;
import dstack.kms.core.derivation.KeyDerivation;
import dstack.kms.core.derivation.SealedAnswer;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.http.ReplyBody;
import dstack.kms.rpc.proto.AppKeySealedResponse;
import dstack.kms.rpc.proto.GetAppKeySealedRequest;
import dstack.kms.rpc.prpc.Answer;
import dstack.kms.rpc.prpc.Encoding;
import dstack.kms.rpc.prpc.MessageCodec;

/**
 * Seals an application's keys to the key in its evidence and signs the result with the root k256
 * key: whoever relays the connection has nothing, and whoever answers in the KMS's place is found
 * out (ADR 0019).
 */
final class SealedRelease {
  private SealedRelease() {}

  /** The answer to the request that the grant is for. */
  static Answer answer(
      Authorization.SealedGrant grant, GetAppKeySealedRequest request, NodeKeys node) {
    Bytes recipient = grant.recipient().publicKey();
    Hpke.Binding binding =
        SealedAnswer.binding(
            Bytes.of(request.getAttestation().toByteArray()), request.getVmConfig());
    SealedAnswer answer =
        new SealedAnswer(recipient, binding, sealed(grant.keys(), recipient, binding, node));
    AppId app = grant.keys().bootInfo().appId();
    Bytes signature = new KeyDerivation(node.roots()).sealedKeysSignature(app, answer).value();
    return Answer.of(
        AppKeySealedResponse.newBuilder()
            .setSealed(KeyRelease.wire(answer.sealed()))
            .setSignature(KeyRelease.wire(signature))
            .build());
  }

  private static Bytes sealed(
      KeyGrant grant, Bytes recipient, Hpke.Binding binding, NodeKeys node) {
    try (Answer keys = KeyRelease.appKeys(grant, node);
        ReplyBody body = MessageCodec.write(Encoding.JSON, keys.message());
        Secret content = body.toSecret()) {
      return Hpke.toX25519(recipient, binding, content).orElseThrow();
    }
  }
}
