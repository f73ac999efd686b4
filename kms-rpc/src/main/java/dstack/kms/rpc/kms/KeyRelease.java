package dstack.kms.rpc.kms;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.derivation.IssuedAppKey;
import dstack.kms.core.derivation.KeyDerivation;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.proto.AppKeyResponse;
import dstack.kms.rpc.proto.KmsKeyResponse;
import dstack.kms.rpc.proto.KmsKeys;
import dstack.kms.rpc.proto.PublicKeyResponse;
import dstack.kms.rpc.prpc.Answer;
import dstack.kms.rpc.prpc.LentSecrets;

/**
 * Turns grants into keys (specification 03, 04 §5.1 and §5.2). Secrets are wiped with the answer.
 */
final class KeyRelease {
  private KeyRelease() {}

  /** The keys of an application's instance. */
  static Answer appKeys(KeyGrant grant, NodeKeys node) {
    AppId app = grant.bootInfo().appId();
    KeyDerivation derivation = new KeyDerivation(node.roots());
    LentSecrets lent = new LentSecrets();
    try (Secret disk = derivation.diskCryptKey(app, grant.bootInfo().instanceId());
        Secret env = derivation.envCryptKey(app);
        IssuedAppKey issued = derivation.issuedAppKey(app);
        Secret k256 = issued.key().scalar()) {
      return Answer.carrying(
          AppKeyResponse.newBuilder()
              .setCaCert(node.rootCa().pem())
              .setDiskCryptKey(lent.lend(disk))
              .setEnvCryptKey(lent.lend(env))
              .setK256Key(lent.lend(k256))
              .setK256Signature(wire(issued.signature().value()))
              .setTproxyAppId(grant.gatewayAppId())
              .setGatewayAppId(grant.gatewayAppId())
              .setOsImageHash(wire(grant.bootInfo().osImageHash()))
              .build(),
          lent);
    }
  }

  /** The root keys, for another KMS. The grant is what allows this; its identity is not used. */
  static Answer rootKeys(KeyGrant grant, NodeKeys node) {
    java.util.Objects.requireNonNull(grant, "no grant, no keys");
    LentSecrets lent = new LentSecrets();
    try (Secret ca = node.roots().ca().pkcs8Pem();
        Secret k256 = node.roots().k256().scalar()) {
      return Answer.carrying(
          KmsKeyResponse.newBuilder()
              .setTempCaKey(lent.lend(node.tempCaKey()))
              .addKeys(KmsKeys.newBuilder().setCaKey(lent.lend(ca)).setK256Key(lent.lend(k256)))
              .build(),
          lent);
    }
  }

  /** The public key of an application's environment, signed without and with the time. */
  static Answer envPublicKey(AppId app, long seconds, NodeKeys node) {
    KeyDerivation derivation = new KeyDerivation(node.roots());
    return Answer.of(
        PublicKeyResponse.newBuilder()
            .setPublicKey(wire(derivation.envPublicKey(app)))
            .setSignature(wire(derivation.envPublicKeySignature(app).value()))
            .setTimestamp(seconds)
            .setSignatureV1(wire(derivation.envPublicKeySignatureV1(app, seconds).value()))
            .build());
  }

  /** Public bytes in a message. */
  static ByteString wire(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.buffer());
  }
}
