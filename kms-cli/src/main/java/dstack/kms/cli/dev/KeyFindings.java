package dstack.kms.cli.dev;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.proto.AppKeyResponse;
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.rpc.proto.PublicKeyResponse;
import java.nio.ByteBuffer;

/** Verifies released keys against what the KMS says in public (specification 03 §4, §5). */
record KeyFindings(Bytes app, GetMetaResponse meta) {
  private static final Bytes ISSUED = Bytes.utf8("dstack-kms-issued:");
  private static final Bytes ENVIRONMENT = Bytes.utf8("dstack-env-encrypt-pubkey:");

  void verify(Findings findings, AppKeyResponse keys, PublicKeyResponse env) {
    findings.require(
        "keys come with the root of GetMeta", keys.getCaCert().equals(meta.getCaCert()));
    findings.require("the disk key has 32 bytes", keys.getDiskCryptKey().size() == 32);
    try (Secret envKey = Secret.takeOver(keys.getEnvCryptKey().toByteArray());
        Secret scalar = Secret.takeOver(keys.getK256Key().toByteArray());
        Secp256k1PrivateKey appKey = Secp256k1PrivateKey.ofScalar(scalar)) {
      Bytes publicKey = DevCheck.bytes(env.getPublicKey());
      findings.require(
          "the environment key is that of the public key",
          X25519.publicKey(envKey).equals(publicKey));
      findings.require(
          "the root k256 key signed the application key",
          signedByRoot(
              DevCheck.bytes(keys.getK256Signature()),
              ISSUED,
              app,
              appKey.publicKey().compressed()));
      findings.require(
          "and the environment's public key, without the time",
          signedByRoot(DevCheck.bytes(env.getSignature()), ENVIRONMENT, app, publicKey));
      Bytes seconds = Bytes.of(ByteBuffer.allocate(8).putLong(env.getTimestamp()).array());
      findings.require(
          "and with it",
          signedByRoot(DevCheck.bytes(env.getSignatureV1()), ENVIRONMENT, app, seconds, publicKey));
    }
  }

  private boolean signedByRoot(Bytes signature, Bytes... statement) {
    Bytes root = DevCheck.bytes(meta.getK256Pubkey());
    return new RecoverableSignature(signature)
        .signerOf(Keccak.keccak256(statement))
        .filter(signer -> signer.compressed().equals(root))
        .isPresent();
  }
}
